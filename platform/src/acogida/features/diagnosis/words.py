"""The words of the diagnosis: kinds of sources, organisations, findings and evidence. Values are stored, labels are shown."""

SOURCE_KINDS = {
    "national": "Nacional",
    "municipal": "Instrumento municipal",
    "internal": "Información interna de la municipalidad",
}
ORGANIZATION_KINDS = {
    "migrant": "Organizaciones migrantes y pro migrantes",
    "civil_society": "Fundaciones y sociedad civil",
    "private": "Gremios y sector privado",
    "public_service": "Servicios públicos",
    "international": "Organismos internacionales",
}
"""The five groups around the office in the guide's map (TPL-05), in its order."""
OFFICE = "Oficina de atención migrante"
DIRECTNESS = {
    "explicit": "Pensado para población migrante",
    "implicit": "No pensado para ella, pero la atiende o la beneficia",
}
DIRECTNESS_SHORT = {"explicit": "Explícito", "implicit": "Implícito"}
METHODS = {
    "interviews": "Entrevistas semiestructuradas",
    "survey": "Encuesta",
    "workshops": "Talleres participativos, en lugar de entrevistas grupales",
}
INSTRUMENTS = ("interviews", "survey")
"""The methods that have to be applied to close step 2.2; workshops belong to 2.3."""
FINDING_KINDS = {
    "challenge": "Desafío",
    "opportunity": "Oportunidad",
    "strength": "Fortaleza",
    "fact": "Dato de contexto",
}
FINDING_PLURALS = {
    "challenge": "Desafíos",
    "opportunity": "Oportunidades",
    "strength": "Fortalezas",
    "fact": "Datos de contexto",
}
FINDING_GROUPS = {
    "officials": "Funcionarias y funcionarios",
    "users": "Personas migrantes o refugiadas",
    "organisations": "Organizaciones",
    "data": "Datos y documentos",
}
EVIDENCE_KINDS = {
    "datum": "Dato",
    "testimony": "Testimonio",
    "workshop": "Aporte de taller",
    "document": "Documento",
    "photograph": "Fotografía",
}
SECTIONS = {
    "presentation": "Presentación",
    "figures": "Qué dicen las cifras",
    "analysis": "Análisis de la situación comunal",
    "networks": "Cómo trabajan las redes de la comuna",
    "services": "Qué muestra el registro de servicios",
    "conclusions": "Conclusiones",
}
"""What people write into the report; the rest of it comes from the registers."""
SECTION_HELP = {
    "presentation": "Para qué se hizo este diagnóstico, quién lo hizo y a quién está dirigido. Dos o tres párrafos.",
    "figures": "Lo que las cifras significan para su comuna, dicho para quien no es especialista.",
    "analysis": "Los patrones que se repiten entre fuentes, talleres y entrevistas, y cómo se relacionan entre sí.",
    "networks": "Con quiénes se trabaja bien, con quiénes falta vínculo, qué grupos no tienen organización.",
    "services": "Qué existe, qué falta, dónde hay protocolos y dónde depende de la voluntad de una persona.",
    "conclusions": "Lo que este diagnóstico deja claro para escribir los objetivos de la Política.",
}
REQUIRED_SECTIONS = ("presentation", "conclusions")
"""What a report lacks visibly while nobody has written it; the other texts are optional."""
