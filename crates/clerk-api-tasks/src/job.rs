//! Jobs: work on many objects that survives the end of its process (reliability.md section 4).
