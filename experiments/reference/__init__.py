"""The model of model/ODD.md a second time, in plain Python with Mesa: what the engine is held against."""
