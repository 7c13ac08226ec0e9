#!/bin/sh
# An executable file, whose mode a tree id covers.
exec cargo build --release --locked
