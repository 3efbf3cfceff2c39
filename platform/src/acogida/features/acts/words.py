"""What acts are called on the screen, and the texts that Acogida proposes for them."""

KINDS = {
    "commitment_letter": "Carta de compromiso",
    "concejo_agreement": "Acuerdo del concejo",
    "project_document": "Documento del proyecto",
    "mayor_approval": "Aprobación de la alcaldía",
    "concejo_vote": "Votación del concejo",
    "concejo_term": "Plazo del concejo",
    "decree": "Decreto alcaldicio",
}

SCREENS = {
    "commitment_letter": "preparacion/carta",
    "concejo_agreement": "preparacion/carta",
    "project_document": "preparacion/proyecto",
    "mayor_approval": "validacion/aprobacion",
    "concejo_vote": "validacion/aprobacion",
    "concejo_term": "validacion/aprobacion",
    "decree": "validacion/aprobacion",
}

SIGNATORY_ROLES = {
    "mayor": "Alcalde o alcaldesa",
    "councillor": "Concejal o concejala",
    "dideco": "Director/a de Desarrollo Comunitario",
    "migration_office": "Encargado/a de Migración",
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
