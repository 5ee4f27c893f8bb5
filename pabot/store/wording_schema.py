"""The tables of what patients hear: versions of the practice's texts, and words that somebody proposed."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from pabot.store.columns import Instant, metadata, new_id, sealed

wording_version = Table(
    "wording_version",
    metadata,
    new_id(),
    Column("kind", String, nullable=False),
    Column("language", String, nullable=False),
    Column("n", Integer, nullable=False),
    Column("words", Text, nullable=False),  # with placeholders; nothing of a patient; empty: the files hold again
    Column("why", String, nullable=False),
    Column("proposed_by", String, nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("approved_by", String, nullable=False),
    Column("approved_at", Instant, nullable=False),
    Column("cosigned_by", String),
    UniqueConstraint("kind", "language", "n"),
)

# Words for one request may say anything about its patient, so all that is typed is sealed.
wording_proposal = Table(
    "wording_proposal",
    metadata,
    new_id(),
    Column("kind", String, nullable=False),
    Column("language", String, nullable=False),
    Column("base_n", Integer, nullable=False),  # the version it was written against; 0: the files
    Column("authorization", ForeignKey("authorization.number")),  # whose update alone it is; none: the practice's text
    Column(
        "status_since", Instant
    ),  # of that request when it was asked for: with another status the words lapse; none: they have lapsed
    sealed("words"),
    sealed("why"),
    Column("by", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", String, nullable=False),  # open, approved, refused
    Column("decided_by", String),
    Column("decided_at", Instant),
    sealed("decided_why"),
    Column("cosigned_by", String),
    Column("cosigned_at", Instant),
    Index("ix_wording_proposal_of", "authorization", "state"),
)
