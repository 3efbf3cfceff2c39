"""What people do with the Sello Migrante: assess, plan, train, go through the process."""
