"""What acts are called on the screen, and the texts that Acogida proposes for them."""

KINDS = {
    "commitment_letter": "Carta de compromiso",
    "concejo_agreement": "Acuerdo del concejo",
    "project_document": "Documento del proyecto",
    "mayor_approval": "Aprobación de la alcaldía",
    "concejo_vote": "Votación del concejo",
    "concejo_term": "Plazo del concejo",
    "decree": "Decreto alcaldicio",
    "session_minutes": "Acta de sesión",
    "certificate": "Certificado",
}

ORGANS = {
    "mayor_office": "Alcaldía",
    "concejo": "Concejo Municipal",
    "municipal_secretary": "Secretaría Municipal",
    "executive_team": "Equipo ejecutivo",
    "mesa": "Mesa comunal",
    "other": "Otra unidad",
}

ORGAN_OF = {
    "commitment_letter": "mayor_office",
    "concejo_agreement": "concejo",
    "project_document": "executive_team",
    "mayor_approval": "mayor_office",
    "concejo_vote": "concejo",
    "concejo_term": "mayor_office",
    "decree": "mayor_office",
}
"""Whose act each kind is, where nobody has to say it."""

WAYS = {
    "advanced": "Firma electrónica avanzada",
    "firmagob": "FirmaGob",
    "record": "Registro de firma de puño y letra",
    "document": "Documento hecho por Acogida",
}
WAY_NOTES = {
    "advanced": "El PDF trae firmas electrónicas, y Acogida las comprobó.",
    "firmagob": "Se firmó con el servicio de firma del Estado. La conexión de Acogida se hizo según su descripción pública y "
    "el Estado no la ha certificado; la firma se comprueba igual que las demás.",
    "record": "Es la copia de un documento firmado a mano, con la declaración de la secretaría municipal. No es una firma "
    "electrónica (Ley 19.799).",
    "document": "Es el texto aprobado, tal como Acogida lo compone.",
}

STATES = {
    "checking": "Comprobando las firmas",
    "good": "Vale",
    "refused": "No vale",
    "undeclared": "Falta la declaración",
}

EVENTS = {
    "recorded": "Se registró con la declaración de la secretaría municipal",
    "verified": "Se comprobaron sus firmas electrónicas",
    "published": "Se publicó su verificación",
    "withdrawn": "Se retiró su verificación",
}

SCREENS = {
    "commitment_letter": "preparacion/carta",
    "concejo_agreement": "preparacion/carta",
    "project_document": "preparacion/proyecto",
    "mayor_approval": "validacion/aprobacion",
    "concejo_vote": "validacion/aprobacion",
    "concejo_term": "validacion/aprobacion",
    "decree": "validacion/aprobacion",
    "session_minutes": "actos",
    "certificate": "actos",
}

SIGNATORY_ROLES = {
    "mayor": "Alcalde o alcaldesa",
    "councillor": "Concejal o concejala",
    "dideco": "Director/a de Desarrollo Comunitario",
    "migration_office": "Encargado/a de Migración",
    "other": "Otra persona",
}

OBJECTIVES = (
    "Contar con una Política Municipal de Migración que ordene lo que la municipalidad hace con y para las personas "
    "migrantes y refugiadas, con metas, responsables y recursos.\n\n"
    "Que toda persona que vive en la comuna, haya nacido donde haya nacido, acceda a los servicios municipales en igualdad."
)

COMMITMENTS = (
    "- Conformar un equipo ejecutivo que conduzca el proceso.\n"
    "- Disponer el tiempo de las funcionarias y los funcionarios que participen.\n"
    "- Facilitar la información que el diagnóstico necesite.\n"
    "- Recoger las observaciones de la comunidad y del concejo antes de aprobar."
)

PURPOSE = (
    "Elaborar, con participación de la comunidad, una Política Municipal de Migración con una mirada de mediano y largo "
    "plazo, que no dependa de programas que se renuevan año a año."
)
