"""Page furniture shared by every feature: layout, forms, session, error pages, assets."""
