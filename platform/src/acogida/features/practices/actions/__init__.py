"""Verbs of the catalogue, by who does them: curators, whoever proposes, municipalities that adopt."""
