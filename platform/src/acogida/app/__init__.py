"""Composition root: settings, wiring, web, worker and command line. The only room that knows everyone."""
