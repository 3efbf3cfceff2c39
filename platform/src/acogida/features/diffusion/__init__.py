"""Making the policy known: launch, deliveries, platforms."""
