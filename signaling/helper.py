"""By what the server's own peer signs in, beside its secret: an account that nobody else can have confirmed."""

EMAIL = "calls@media.skillnet"
NAME = "SkillNet"
