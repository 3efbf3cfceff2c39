"""Pages of the Sello Migrante, by what they are about."""

from acogida_sello_migrante.pages import assessment, plans, process, report, training

HANDLERS = (
    *assessment.HANDLERS,
    *plans.HANDLERS,
    *training.HANDLERS,
    *process.HANDLERS,
    *report.HANDLERS,
)
