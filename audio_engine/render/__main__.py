"""`python -m audio_engine.render`: compile the kernels for this machine."""

from audio_engine.render.warm_up import warm_up

if __name__ == "__main__":
    warm_up()
