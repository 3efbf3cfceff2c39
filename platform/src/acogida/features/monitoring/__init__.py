"""Follow-up of initiatives once the policy is in force."""
