//! Decides when each request may leave, so that all processes together stay within the published limits (reliability.md section 3).
