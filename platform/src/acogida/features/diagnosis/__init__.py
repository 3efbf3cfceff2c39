"""Sources, services, networks, findings and the Informe de Diagnóstico."""
