"""The payer library's tables. It holds nothing about patients, so nothing in it is sealed."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from pabot.store.columns import BigId, Instant, metadata, new_id, words

payer = Table(
    "payer",
    metadata,
    new_id(),
    Column("name", String, nullable=False, unique=True),
    words("vendor"),
    words("portal"),
    words("phone"),
    words("phone_path"),
    words("fax"),
    words("hours"),
    words("notes"),
    words("new_in_call"),  # yes, no or unknown: whether a peer-to-peer call may bring up what was not sent
)

plan = Table(
    "plan",
    metadata,
    new_id(),
    Column("payer_id", ForeignKey("payer.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("line_of_business", String, nullable=False),
    UniqueConstraint("payer_id", "name"),
)

payer_rule = Table(
    "payer_rule",
    metadata,
    new_id(),
    Column("payer_id", ForeignKey("payer.id"), nullable=False),
    Column("plan_id", ForeignKey("plan.id")),  # none: all plans of the payer
    Column("kind", String, nullable=False),
    Column("value", Integer, nullable=False),
    Column("unit", String, nullable=False),
    Column("source", String, nullable=False),
    Column("verified_on", Date),
    Index("ix_payer_rule_of", "payer_id", "plan_id", "kind"),
)

checklist = Table(
    "checklist",
    metadata,
    new_id(),
    Column("payer_id", ForeignKey("payer.id"), nullable=False),
    Column("plan_id", ForeignKey("plan.id")),
    Column("line_of_business", String),
    Column("service", String, nullable=False),
    Column("key", String, nullable=False),  # service, plan and line of business, as the library tells them apart
    Column("version_id", BigId),  # the version in force
    UniqueConstraint("payer_id", "key"),
)

checklist_version = Table(
    "checklist_version",
    metadata,
    new_id(),
    Column("checklist_id", ForeignKey("checklist.id"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("body", Text, nullable=False),  # JSON of a domain Checklist; never changed once written
    Column("why", String, nullable=False),
    Column("proposed_by", String, nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("approved_by", String, nullable=False),
    Column("approved_at", Instant, nullable=False),
    Column("cosigned_by", String),
    UniqueConstraint("checklist_id", "n"),
)

# What a look-up reads: a row for each code, range or category of the versions in force.
checklist_entry = Table(
    "checklist_entry",
    metadata,
    new_id(),
    Column("checklist_id", ForeignKey("checklist.id"), nullable=False, index=True),
    Column("payer_id", BigId, nullable=False),
    Column("is_range", Boolean, nullable=False),
    words("low"),
    words("high"),
    Column("since", Date),
    Column("until", Date),
    words("note"),
    Column("category", String),
    Index("ix_checklist_entry_code", "payer_id", "is_range", "low", "high"),
    Index("ix_checklist_entry_category", "payer_id", "category"),
)

proposal = Table(
    "proposal",
    metadata,
    new_id(),
    Column("checklist_id", ForeignKey("checklist.id"), index=True),  # none: a new checklist
    Column("payer_id", ForeignKey("payer.id"), nullable=False),
    Column("plan_id", ForeignKey("plan.id")),
    Column("line_of_business", String),
    Column("base_n", Integer, nullable=False),  # the version it was written against; 0 for a new checklist
    Column("body", Text, nullable=False),
    Column("why", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("authorization", BigId),  # the request on which the change was noticed
    Column("state", String, nullable=False),  # open, approved, refused
    Column("decided_by", String),
    Column("decided_at", Instant),
    words("decided_why"),
    Column("cosigned_by", String),
    Column("cosigned_at", Instant),
)
