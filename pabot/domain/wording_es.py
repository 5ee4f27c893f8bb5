"""The same as `wording` for Spanish: phrases that promise, advise, interpret benefits or judge, in words for a patient.

Accents do not count, for people leave them out. Our judgement; `tests/domain/sentences_es.py` is what it was tried on.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from pabot.domain.wording import PATIENT, Marked, Oversteps, marked, pattern

# Words that stand for each other in a phrase below, without accents; ñ is n.
VOCABULARY: Mapping[str, str] = {
    "care": "cirugia operacion procedimiento estudio resonancia tomografia medicina medicinas medicamento medicamentos "
    "dosis pastilla pastillas inyeccion inyecciones infusion infusiones tratamiento tratamientos terapia insulina "
    "inhalador antibiotico antibioticos oxigeno silla andador bomba aparato",
    "its": "el la los las un una unos unas su sus este esta estos estas ese esa mas menos otra otro",
    "do": "tomar dejar seguir parar suspender esperar continuar empezar aumentar reducir bajar subir evitar usar "
    "cambiar duplicar saltar descansar caminar manejar",
    "order": "tome deje siga pare suspenda espere continue empiece aumente reduzca baje suba evite use cambie duplique "
    "sigue deja toma",
    "must": "debe deberia debera debes necesita conviene",
    "very": "no ya solo tambien muy mas siempre todavia aun",
    "payer": "plan seguro aseguradora compania poliza medicare medicaid ellos",
    "granted": "aprobado aprobada aprobados aprobadas autorizado autorizada autorizados autorizadas cubierto cubierta "
    "cubiertos cubiertas pagado pagada",
}

# Written as `wording.PHRASES` are.
PHRASES: Mapping[Oversteps, tuple[str, ...]] = {
    Oversteps.NECESSITY: (
        "medicamente/clinicamente necesari~/urgente/indicad~/justificad~",
        "necesidad medica",
        "usted/ella/el/paciente {very}? necesita/requiere {its}? {care}",
        "cumple/cumplen/cumplio * criterios/requisitos/condiciones",
        "suficientemente grave/enferm~",
        "es/esta/sigue {very}? grave/delicad~/inestable/enferm~",
        "va/van/puede/podria a? empeorar/morir",
        "empeorara/empeoraria/empeora",
        "no hay/tiene/queda otra/otro/ninguna/ningun opcion/remedio/alternativa/tratamiento",
    ),
    Oversteps.ADVICE: (
        "{must} {very}? {do}",
        "tiene/tendra/tienes/hay que {very}? {do}",
        "puede/podria/podra {very}? {do} sin?",
        "deje/deja/dejar de tomar/usar/ponerse/hacer",
        "siga/sigue/seguir tomando/usando/haciendo/con",
        "{order} {very}? {its}? {care}",
        "no se preocupe/preocupen",
        "no hay/tiene/tenga de? que preocuparse/temer",
        "es/no/nada/esta {very}? seguro/peligros~/riesgos~/normal/danin~ para/esperar/tomar/dejar/seguir",
        "le recomiendo/recomendamos/aconsejo/aconsejamos/sugiero/sugerimos",
        "recomendamos/recomiendo/aconsejamos/aconsejo que",
        "es mejor/preferible que? {do}/{order}",
    ),
    Oversteps.DECISION: (
        "{payer} se equivoc~",
        "{payer} esta/estan/es/fue {very}? equivocad~/mal/injust~/incorrect~",
        "{must}/debemos/vamos/hay a?/que? apelar/aceptar/pelear",
        "tiene/tenemos que apelar/aceptar/pelear",
        "vale la pena apelar/pelear",
        "en mi opinion",
        "a mi juicio/parecer",
    ),
    Oversteps.PROMISE: (
        "sera/seran/estara/quedara/saldra {very}? {granted}",
        "va/van a ser/salir/quedar/estar {very}? {granted}",
        "va/van a aprobar~/autorizar~",
        "aprobara/aprobaran/autorizara/autorizaran",
        "garantiz~/garantia/garantias",
        "promet~/promesa",
        "seguro/segura que si/lo/la/le/va/van/sera/se",
        "con toda? seguridad",
        "sin duda/falta",
        "definitivamente/ciertamente/seguramente",
    ),
    Oversteps.BENEFIT: (
        "{payer} {very}? cubre/cubren/cubrira/cubriran/paga/pagan/pagara/pagaran",
        "{payer} {very}? va/van a cubrir/pagar",
        "deducible/copago/copagos/coseguro/coaseguro",
        "usted/ustedes {very}? paga/pagara/debe/debera/pagan nada/pagar/todo/la/el?",
        "no/nada {very}? tiene/tendra/tienes/va que?/a? pagar",
        "tiene/tendra que pagar",
        "gratis/gratuito/gratuita",
        "sin costo/cargo/pagar",
        "esta/estan {very}? cubiert~",
        "le cuesta/costara/cobran/cobraran/cobrara",
    ),
}


@cache
def _pattern(does: Oversteps) -> re.Pattern[str]:
    return pattern(PHRASES[does], VOCABULARY)


def oversteps(text: str, of: Iterable[Oversteps] = PATIENT) -> tuple[Marked, ...]:
    """The phrases of a Spanish text that do what is looked for, in the order in which they stand."""
    typed = unicodedata.normalize("NFC", text)
    return marked(_without_accents(typed), ((does, _pattern(does)) for does in of), typed)


def _without_accents(text: str) -> str:
    """Mark for mark."""
    return "".join(unicodedata.normalize("NFD", mark)[0] for mark in text)
