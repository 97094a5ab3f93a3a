"""The scripts that made the demo's sounds, pictures and map; the demo itself needs none of them."""
