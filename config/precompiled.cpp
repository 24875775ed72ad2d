// Nothing: the target of the precompiled header needs a source of its own.
