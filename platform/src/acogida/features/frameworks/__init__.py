"""What the policy is aligned with: trees that plugins bring, and the links that the core keeps."""
