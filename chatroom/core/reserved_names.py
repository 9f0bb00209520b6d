"""Nicknames that would pass for a host, a moderator, a helper, a professional, the service itself, or a word of the page.

Plain words only: `nicknames.py` compares their skeletons, so look-alikes, accents and spacing need no entries of their own.
"""

_ENGLISH = """
host hosts hosting cohost cohosts hostess moderator moderators moderation mod mods comod admin admins administrator
administrators administration sysadmin sysop webmaster system server staff support helpdesk helpline operator operators owner
owners bot bots chatbot facilitator facilitators chair chairperson chairman chairwoman organizer organiser official
officials leader leaders team
"""
_SERVICES = """
reader readers greeter greeters timekeeper timekeepers helper helpers sponsor sponsors mentor mentors
lector lectora lectores ayudante ayudantes padrino madrina padrinos cronometrador cronometradora voluntario voluntaria
lecteur lectrice parrain marraine aidant benevole vorleser vorleserin helfer helferin
"""
_PROFESSIONS = """
therapist therapists counsellor counsellors counselor counselors psychologist psychiatrist clinician doctor doctors nurse
paramedic police policeman policewoman cop cops hotline
terapeuta terapeutas consejero consejera psicologo psicologa psiquiatra medico medica enfermero enfermera policia policias
therapeute psychologue psychiatre conseiller conseillere infirmier infirmiere medecin
therapeut therapeutin psychologe psychologin berater beraterin arzt arztin polizei polizist polizistin
"""
_SPANISH_AND_PORTUGUESE = """
anfitrion anfitriona anfitriones anfitriao moderador moderadora moderadores administrador administradora sistema servidor
soporte suporte operador operadora dueno propietario
"""
_FRENCH_AND_ITALIAN = """
hote hotesse moderateur moderatrice moderatore administrateur administratrice amministratore animateur animatrice systeme
serveur
"""
_GERMAN = """
gastgeber gastgeberin moderatorin administratorin betreiber betreiberin verwalter
"""
_ALONE = """
everyone everybody all here room channel help me myself you yourself we us deleted removed redacted retracted anonymous unknown
nobody someone guest participant todos ayuda yo tu
"""

ROLES: tuple[str, ...] = tuple(
    (_ENGLISH + _SPANISH_AND_PORTUGUESE + _FRENCH_AND_ITALIAN + _GERMAN + _SERVICES + _PROFESSIONS).split()
)
"""Refused as the whole name and as any word of it."""

INSIDE: tuple[str, ...] = (
    "moderator", "moderador", "administrator", "administrador", "anfitrion", "facilitator", "cohost", "thehost", "ourhost",
    "yourhost", "roomhost", "meetinghost", "crisisline", "crisiscenter", "crisiscentre", "crisisteam", "lifeline",
    "socialworker", "lineadecrisis", "lineadevida", "trabajadorasocial", "trabajadorsocial", "timekeeper",
)  # fmt: skip
"""Refused wherever they stand, also inside a word."""

ALONE: frozenset[str] = frozenset(_ALONE.split())
"""Refused as the whole name only, and as written: a skeleton would refuse `Ali` for `all`."""
