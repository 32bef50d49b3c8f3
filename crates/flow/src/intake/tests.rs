//! Journeys through the reducer.
