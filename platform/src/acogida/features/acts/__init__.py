"""Typed acts: carta de compromiso, acuerdo, aprobación, decreto. Written here, signed outside, recorded back."""
