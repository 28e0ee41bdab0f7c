"""How the embedded data are made; run by ``python -m seeds.build``, never on the user's way."""
