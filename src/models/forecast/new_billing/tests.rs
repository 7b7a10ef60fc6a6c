//! Histories of every shape, and books made up to know the answer.

use super::*;

/// Uniform numbers in [0, 1), the same ones every time (xorshift).
fn noise(count: usize, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..count).map(|_| next()).collect()
}

/// Weekly billing: growth by week, a yearly season of the given size and noise of the given size.
fn billing(weeks: usize, growth: f64, season: f64, rough: f64) -> Vec<f64> {
    let week = |(i, u): (usize, f64)| {
        let turn = i as f64 / 52.0 * std::f64::consts::TAU;
        100_000.0 * (growth * i as f64 + season * turn.sin() + rough * (u - 0.5)).exp()
    };
    noise(weeks, 7).into_iter().enumerate().map(week).collect()
}

fn check(history: &[f64], horizon: usize, season: Option<usize>) -> Outlook {
    let outlook = forecast(history, horizon, season);
    assert_eq!(outlook.mean.len(), horizon);
    assert_eq!(outlook.middle.len(), horizon);
    assert_eq!(outlook.response.len(), horizon);
    assert!(outlook.residuals.len() <= history.len());
    let path = outlook.path(&outlook.residuals);
    assert_eq!(path.len(), horizon);
    let low = outlook.quantile(-1.2816);
    let lists = [&outlook.mean, &outlook.middle, &outlook.residuals, &outlook.response, &path, &low];
    assert!(lists.iter().all(|list| list.iter().all(|value| value.is_finite())), "{history:?}: {outlook:?}");
    if history.iter().all(|amount| amount.is_nan() || *amount >= 0.0) {
        let amounts = [&outlook.mean, &outlook.middle, &path, &low];
        assert!(amounts.iter().all(|list| list.iter().all(|value| *value >= 0.0)), "{history:?}: {outlook:?}");
    }
    outlook
}

#[test]
fn odd_histories_are_forecast() {
    let mut histories: Vec<Vec<f64>> = vec![vec![], vec![f64::NAN; 5], vec![f64::INFINITY], vec![f64::MAX, -f64::MAX]];
    for weeks in [1, 2, 3, 5, 11, 12, 13, 20, 103, 104, 105, 160, 300] {
        let rough = noise(weeks, weeks as u64);
        histories.push(vec![0.0; weeks]);
        histories.push(vec![-50.0; weeks]);
        histories.push(vec![1234.56; weeks]);
        histories.push(rough.iter().map(|u| u - 0.5).collect());
        histories.push(rough.iter().map(|u| if *u < 0.8 { 0.0 } else { u * 1e6 }).collect());
        histories.push(rough.iter().map(|u| if *u < 0.2 { f64::NAN } else { u * 1e6 }).collect());
        histories.push(rough.iter().map(|u| (u * 60.0 - 30.0).exp()).collect());
        histories.push(rough.iter().map(|u| u * 1e100).collect());
        histories.push(rough.iter().map(|u| u * 1e-300).collect());
        histories.push((0..weeks).map(|i| 1.5_f64.powi(i as i32)).collect());
        histories.push((0..weeks).map(|i| (weeks - i) as f64).collect());
        histories.push((0..weeks).map(|i| if i + 1 == weeks { 5.0 } else { 0.0 }).collect());
        histories.push((0..weeks).map(|i| if i % 52 == 0 { 9e5 } else { 1.0 }).collect());
    }
    for history in &histories {
        for horizon in [0, 1, 13, 400] {
            for season in [None, Some(0), Some(1), Some(2), Some(52), Some(usize::MAX)] {
                check(history, horizon, season);
            }
        }
    }
}

#[test]
fn nothing_known_gives_nought_and_one_week_gives_itself() {
    assert_eq!(forecast(&[], 3, Some(52)).mean, [0.0; 3]);
    assert_eq!(forecast(&[f64::NAN; 4], 2, Some(52)).path(&[1.0]), [0.0; 2]);
    for amount in [250.0, -250.0, 0.0] {
        let outlook = forecast(&[amount], 2, Some(52));
        assert!(outlook.mean.iter().all(|value| (value - amount).abs() < 1e-9));
    }
}

#[test]
fn a_constant_series_stays_and_is_certain() {
    let outlook = forecast(&[1234.5; 200], 400, Some(52));
    assert!(outlook.mean.iter().all(|amount| (amount - 1234.5).abs() < 1e-6));
    assert!(outlook.deviation().iter().all(|deviation| *deviation < 1e-9));
}

#[test]
fn a_strong_season_is_found_in_three_years() {
    let with = billing(160, 0.001, 0.4, 0.2);
    let outlook = forecast(&with[..147], 13, Some(52));
    assert_eq!(outlook.season, Some(52));
    let off: f64 = outlook.mean.iter().zip(&with[147..]).map(|(mean, amount)| (mean / amount - 1.0).abs()).sum();
    assert!(off / 13.0 < 0.1, "{off}");
    assert_eq!(forecast(&with[..147], 13, None).season, None);
}

#[test]
fn noise_makes_no_season_to_speak_of() {
    // With two cycles, chance waves are found in nearly half of all noise; what is kept of them must be small beside it.
    let deviation = 0.5 / 12.0_f64.sqrt();
    for weeks in [104, 110, 130, 160, 300, 520] {
        let middle = forecast(&billing(weeks, 0.0, 0.0, 0.5), 52, Some(52)).middle;
        let (low, high) = middle.iter().fold((f64::MAX, 0.0_f64), |(low, high), v| (low.min(*v), high.max(*v)));
        assert!((high / low).ln() < 2.0 * deviation, "{weeks} weeks: {low} to {high}");
    }
}

#[test]
fn a_gentle_season_under_noise_is_found_as_waves() {
    let with = billing(273, 0.0, 0.2, 0.8);
    let error = |season| {
        let outlook = forecast(&with[..247], 26, season);
        outlook
            .middle
            .iter()
            .enumerate()
            .map(|(i, v)| {
                let turn = (247 + i) as f64 / 52.0 * std::f64::consts::TAU;
                ((v / 100_000.0).ln() - 0.2 * turn.sin()).abs()
            })
            .sum::<f64>()
            / 26.0
    };
    assert!(error(Some(52)) < error(None) / 2.0, "{} {}", error(Some(52)), error(None));
}

#[test]
fn the_unit_does_not_matter() {
    let euros = billing(180, 0.002, 0.3, 0.3);
    let yen: Vec<f64> = euros.iter().map(|amount| amount * 160.0).collect();
    let (euros, yen) = (forecast(&euros, 26, Some(52)), forecast(&yen, 26, Some(52)));
    assert!(euros.mean.iter().zip(&yen.mean).all(|(euro, yen)| (yen / euro / 160.0 - 1.0).abs() < 1e-6));
}

#[test]
fn growth_goes_on_but_ever_slower() {
    let mean = forecast(&billing(150, 0.004, 0.0, 0.02), 400, Some(52)).mean;
    assert!(mean[12] > mean[0] * 1.01, "{mean:?}");
    assert!(mean[399] < mean[0] * 2.0 && mean[399] - mean[398] < mean[12] - mean[11]);
}

#[test]
fn gaps_are_filled_on_the_line_between_their_neighbours() {
    assert_eq!(filled(&[f64::NAN, 1.0, f64::NAN, f64::NAN, 4.0, f64::NAN]), [1.0, 2.0, 3.0, 4.0, 4.0]);
}

#[test]
fn a_shock_moves_its_week_and_what_follows() {
    let outlook = check(&billing(200, 0.0, 0.0, 0.3), 5, None);
    assert_eq!(outlook.path(&[]), outlook.middle);
    let path = outlook.path(&[0.0, 0.5]);
    assert_eq!(path[0], outlook.middle[0]);
    assert!((path[1] / outlook.middle[1] - 0.5_f64.exp()).abs() < 1e-9);
    assert!((path[4] / outlook.middle[4] - (0.5 * outlook.response[3]).exp()).abs() < 1e-9);
}

#[test]
fn the_response_gives_back_the_variances() {
    let variances = [4.0, 5.0, 6.25, 7.0];
    let squares: f64 = response(&variances, 4).iter().map(|after| after * after).sum();
    assert!((squares * 4.0 - 7.0).abs() < 1e-12);
    assert_eq!(response(&[0.0, 0.0], 2), [1.0, 0.0]);
}

#[test]
fn the_same_history_gives_the_same_outlook() {
    let history = billing(320, 0.001, 0.3, 0.4);
    assert_eq!(forecast(&history, 52, Some(52)), forecast(&history, 52, Some(52)));
}

#[test]
fn the_mean_of_a_year_counts_where_the_level_stays_and_not_where_it_moves() {
    let share = |values: &[f64]| {
        let (smoothed, _) =
            smoothed(&fitted(TrendComponent::None, values).expect("a model"), values, 13).expect("numbers");
        level_share(values, &of_last_year(values, 13).residuals, &smoothed.residuals, 13)
    };
    let stays = noise(104, 3);
    let walks: Vec<f64> = noise(104, 3)
        .iter()
        .scan(50.0, |level, step| {
            Some({
                *level += step - 0.5;
                *level
            })
        })
        .collect();
    assert!(share(&stays) > 0.4, "{}", share(&stays));
    assert!(share(&walks) < 0.2, "{}", share(&walks));
}

#[test]
fn the_mean_of_a_year_is_that_of_its_last_52_weeks() {
    let values: Vec<f64> = (0..60).map(f64::from).collect();
    let year = of_last_year(&values, 2);
    assert_eq!(year.values, [33.5, 33.5]);
    assert_eq!(year.residuals[..3], [0.0, 1.0, 1.5]);
    assert_eq!(year.residuals[59], 59.0 - 32.5);
}
