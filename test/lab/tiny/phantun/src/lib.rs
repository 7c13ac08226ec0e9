//! Shared by the two programs; as in phantun there is a library too.
