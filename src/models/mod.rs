//! What is not known but can be learnt: values in, forecasts out. No engine, no files, no clock, no chance without a seed.

pub mod forecast;
pub mod parallel;
