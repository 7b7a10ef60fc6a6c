//! Work shared by all threads, with the same result on any number of them.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The results of a function over values, in the order of the values; whichever thread is free takes the next one.
pub fn in_parallel<T: Sync, R: Send>(values: &[T], make: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(values.len());
    if threads < 2 {
        return values.iter().map(make).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let places = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)));
        places.map_while(|at| Some((at, make(values.get(at)?)))).collect::<Vec<(usize, R)>>()
    };
    let mut made = Vec::with_capacity(values.len());
    std::thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for thread in started {
            match thread.join() {
                Ok(part) => made.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    made.sort_unstable_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, result)| result).collect()
}

/// The results of two functions, made at the same time.
pub fn both<A: Send, B>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (first.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), second)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_values() {
        let values: Vec<usize> = (0..1000).collect();
        assert_eq!(in_parallel(&values, |value| value * 2), values.iter().map(|v| v * 2).collect::<Vec<_>>());
        assert_eq!(in_parallel(&[] as &[usize], |value| *value), Vec::<usize>::new());
    }
}
