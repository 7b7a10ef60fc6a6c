use super::*;
use crate::models::forecast::book::{Item, Means, Settlement};
use crate::models::forecast::calendar::weekday;

/// A Wednesday.
const TODAY: Day = 18_003;

/// A bill of a payer and the day it was paid, if it was.
#[derive(Clone, Copy, Debug)]
struct Bill {
    payer: u32,
    due: Day,
    paid: Option<Day>,
}

/// A book of bills of 100, posted thirty days before they are due.
fn book(bills: &[Bill]) -> Book {
    let (mut items, mut settlements) = (Vec::new(), Vec::new());
    for (bill, number) in bills.iter().zip((1..).step_by(2)) {
        let posted = bill.due - 30;
        items.push(item(number, bill.payer, posted, bill.due));
        if let Some(paid) = bill.paid {
            settlements.push(settlement(number, number + 1, paid, 100.0, Means::Cash));
        }
    }
    let payers = bills.iter().map(|bill| bill.payer + 1).max().unwrap_or(0);
    Book::new(TODAY - 2000, (0..payers).map(|payer| payer.to_string()).collect(), vec![0], items, settlements)
}

fn item(item_no: i64, payer: u32, posted: Day, due: Day) -> Item {
    let known = posted;
    let (scope, stratum, due, amount, is_bill, is_disputed) = (0, 0, Some(due), 100.0, true, false);
    Item { item_no, payer, scope, stratum, posted, known, due, amount, is_bill, is_money: false, is_disputed }
}

fn settlement(debit_item_no: i64, credit_item_no: i64, day: Day, amount: f64, means: Means) -> Settlement {
    let (effective, known, credit_posted, credit_amount) = (day, day, day, amount);
    Settlement { debit_item_no, credit_item_no, effective, known, credit_posted, amount, credit_amount, means }
}

/// Uniform numbers in [0, 1), the same ones every time (xorshift).
fn chance() -> impl FnMut() -> f64 {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// The first day a bill is paid, if it is paid by today, where each day has a chance of its own.
fn paid_on(due: Day, chance: &mut impl FnMut() -> f64, of_day: impl Fn(Day) -> f64) -> Option<Day> {
    (due - 29..=TODAY).find(|day| chance() < of_day(*day))
}

/// Bills of a payer due on the days before today, each day with the same chance to be paid at the same age.
fn bills(payer: u32, count: Day, chance: &mut impl FnMut() -> f64, at_age: impl Fn(Day) -> f64) -> Vec<Bill> {
    let bill = |at: Day| {
        let due = TODAY + 5 - at % 300;
        Bill { payer, due, paid: paid_on(due, chance, |day| at_age(day - due)) }
    };
    (0..count).map(bill).collect()
}

fn chances(curves: &Curves, payer: u32, age: Day, days: usize) -> Vec<f64> {
    let mut chances = vec![0.0; days];
    curves.chances(payer, TODAY - age, TODAY, &mut chances);
    chances
}

/// Share of a bill of an age that is paid in so many days.
fn paid_within(curves: &Curves, payer: u32, age: Day, days: usize) -> f64 {
    1.0 - chances(curves, payer, age, days).iter().map(|chance| 1.0 - chance).product::<f64>()
}

fn today() -> Origin {
    Origin::replayed(TODAY)
}

fn bits(curves: &Curves, payers: u32) -> Vec<u64> {
    let ages = [-40, -10, 0, 10, 45, 400];
    let all = (0..payers).flat_map(|payer| ages.iter().flat_map(move |age| chances(curves, payer, *age, 40)));
    all.chain(ages.iter().map(|age| curves.other_exit(*age))).map(f64::to_bits).collect()
}

#[test]
fn the_chances_bills_were_paid_with_are_found() {
    let mut random = chance();
    let at_age = |age: Day| if age < 0 { 0.02 } else { 0.15 };
    let curves = Curves::fit(&book(&bills(0, 6000, &mut random, at_age)), today());
    // On each of seven days beforehand, and after it was due.
    let before = paid_within(&curves, 0, -10, 7);
    assert!((before / (1.0 - 0.98_f64.powi(7)) - 1.0).abs() < 0.1, "{before}");
    let after = paid_within(&curves, 0, 1, 7);
    assert!((after / (1.0 - 0.85_f64.powi(7)) - 1.0).abs() < 0.05, "{after}");
}

#[test]
fn a_payer_keeps_to_its_weekday() {
    let mut random = chance();
    let mut all = Vec::new();
    for payer in 0..20 {
        let own = (payer as usize) % 5;
        for at in 0..200 {
            let due = TODAY + 5 - at * 2;
            let of_day = |day: Day| if weekday(day) == own && day >= due - 3 { 0.8 } else { 0.0 };
            all.push(Bill { payer, due, paid: paid_on(due, &mut random, of_day) });
        }
    }
    let curves = Curves::fit(&book(&all), today());
    for payer in 0..5 {
        let week = chances(&curves, payer, 1, 7);
        let (own, others): (Vec<_>, Vec<_>) =
            (TODAY + 1..).zip(&week).partition(|(day, _)| weekday(*day) == payer as usize);
        assert!(others.iter().all(|(_, chance)| own[0].1 > &(6.0 * *chance)), "{payer}: {week:?}");
    }
}

#[test]
fn open_bills_count_as_open() {
    let mut random = chance();
    let all = bills(0, 2000, &mut random, |age| if age < 0 { 0.0 } else { 0.02 });
    let paid: Vec<Bill> = all.iter().copied().filter(|bill| bill.paid.is_some()).collect();
    let (all, paid) = (Curves::fit(&book(&all), today()), Curves::fit(&book(&paid), today()));
    let (all, paid) = (paid_within(&all, 0, 5, 10), paid_within(&paid, 0, 5, 10));
    assert!((all - 0.183).abs() < 0.03 && paid > all * 1.2, "{all} {paid}");
}

#[test]
fn a_late_bill_is_like_those_that_were_as_late() {
    let mut random = chance();
    let at_age = |age: Day| {
        if age < 0 {
            0.0
        } else if age < 10 {
            0.25
        } else {
            0.03
        }
    };
    let curves = Curves::fit(&book(&bills(0, 6000, &mut random, at_age)), today());
    let (new, late) = (paid_within(&curves, 0, 0, 7), paid_within(&curves, 0, 40, 7));
    assert!((new - 0.867).abs() < 0.04 && (late - 0.192).abs() < 0.05, "{new} {late}");
}

#[test]
fn a_thin_payer_is_like_the_book_and_a_thick_one_like_itself() {
    let mut random = chance();
    let mut all: Vec<Bill> =
        (0..60).flat_map(|payer| bills(payer, 60, &mut random, |age| if age < 0 { 0.0 } else { 0.2 })).collect();
    let late = |payer: u32, back: Day| {
        let due = TODAY - 40 - back;
        Bill { payer, due, paid: Some(due + 30 + back % 5) }
    };
    all.push(late(60, 3));
    all.extend((0..300).map(|back| late(61, back)));
    let curves = Curves::fit(&book(&all), today());
    let [book, thin, thick] = [0, 60, 61].map(|payer| paid_within(&curves, payer, 0, 14));
    assert!(thin > 0.6 * book && thick < 0.1 * book, "{book} {thin} {thick}");
    let newcomer = paid_within(&curves, 99, 0, 14);
    assert!(newcomer > 0.7 * book, "{newcomer}");
}

#[test]
fn nothing_after_the_origin_changes_anything() {
    let mut random = chance();
    let all: Vec<Bill> = (0..30).flat_map(|payer| bills(payer, 50, &mut random, |_| 0.03)).collect();
    let origin = Origin::replayed(TODAY - 60);
    let fit = |all: &[Bill], after: &[Item]| {
        let mut book = book(all);
        book.holidays = vec![TODAY - 63];
        let items = book.items.iter().copied().chain(after.iter().copied()).collect();
        let settlements = (0..book.items.len()).flat_map(|at| book.settlements_of(at).to_vec()).collect();
        let mut whole = Book::new(0, book.payers, vec![0], items, settlements);
        (whole.history_from, whole.holidays) = (book.history_from, book.holidays);
        bits(&Curves::fit(&whole, origin), 30)
    };
    let mut corrupt = all.clone();
    for bill in &mut corrupt {
        bill.paid = match bill.paid {
            Some(day) if day <= origin.day => Some(day),
            _ => Some(origin.day + 1 + bill.due % 7),
        };
    }
    let later = item(1_000_001, 3, origin.day + 1, origin.day + 2);
    let keyed_later = Item { known: origin.day + 1, ..item(1_000_003, 4, origin.day - 20, origin.day) };
    assert_eq!(fit(&all, &[]), fit(&corrupt, &[later, keyed_later]));
    assert_ne!(fit(&all, &[]), fit(&all, &[item(1_000_005, 4, origin.day - 20, origin.day)]));
}

#[test]
fn the_same_book_gives_the_same_curves() {
    let mut random = chance();
    let all: Vec<Bill> = (0..900).flat_map(|payer| bills(payer, 40, &mut random, |_| 0.03)).collect();
    let book = book(&all);
    let first = bits(&Curves::fit(&book, today()), 900);
    assert!((0..3).all(|_| bits(&Curves::fit(&book, today()), 900) == first));
}

#[test]
fn some_payers_are_learnt_from_alone() {
    let mut random = chance();
    let mut all: Vec<Bill> = (0..20).flat_map(|payer| bills(payer, 40, &mut random, |_| 0.05)).collect();
    let some: Vec<u32> = (0..10).collect();
    let curves = Curves::fit_some(&book(&all), today(), &some);
    all.retain(|bill| bill.payer < 10);
    assert_eq!(bits(&curves, 10), bits(&Curves::fit(&book(&all), today()), 10));
    assert_eq!(chances(&curves, 15, 3, 9), chances(&curves, u32::MAX, 3, 9));
}

#[test]
fn nobody_pays_on_weekends_and_holidays_and_some_catch_up_after() {
    let mut random = chance();
    let is_working = |day: Day| weekday(day) < 5;
    let mut all = Vec::new();
    for at in 0..3000 {
        let due = TODAY + 5 - at % 300;
        let of_day = |day: Day| if is_working(day) && day >= due - 5 { 0.1 } else { 0.0 };
        all.push(Bill { payer: at as u32 % 10, due, paid: paid_on(due, &mut random, of_day) });
    }
    let mut book = book(&all);
    // The Tuesday of next week.
    book.holidays = vec![TODAY + 6];
    let week = chances(&Curves::fit(&book, today()), 0, 1, 8);
    assert!(week[2] < 0.005 && week[3] < 0.005 && week[5] < 0.005, "{week:?}");
    assert!(week[6] > 1.2 * week[7], "{week:?}");
}

#[test]
fn parts_paid_count_by_their_share() {
    let whole = |paid: bool| Bill { payer: 0, due: TODAY - 20, paid: paid.then_some(TODAY - 18) };
    let mut bills: Vec<Bill> = (0..30).map(|_| whole(true)).collect();
    bills.extend((0..20).map(|_| whole(false)));
    let by_bills = Curves::fit(&book(&bills), today());
    let items: Vec<Item> = (0..50).map(|at| item(at, 0, TODAY - 50, TODAY - 20)).collect();
    let part = |at: i64| settlement(at, 100 + at, TODAY - 18, 60.0, Means::Cash);
    let mut parted = Book::new(0, vec!["a".to_owned()], vec![0], items, (0..50).map(part).collect());
    parted.history_from = TODAY - 2000;
    let by_parts = Curves::fit(&parted, today());
    for age in [-3, 1, 3, 20] {
        let (bills, parts) = (paid_within(&by_bills, 0, age, 5), paid_within(&by_parts, 0, age, 5));
        assert!((bills / parts - 1.0).abs() < 1e-5, "{age}: {bills} {parts}");
    }
}

#[test]
fn credit_notes_end_a_bill_without_being_payments() {
    let items: Vec<Item> =
        (0..400).map(|at| item(at, 0, TODAY - 50 - at as Day % 200, TODAY - 20 - at as Day % 200)).collect();
    let credit = |(at, item): (usize, &Item)| {
        // A third on the day of posting, a third two days after the due date, a third never.
        let day = [item.posted, item.due.unwrap_or(0) + 2][..].get(at % 3).copied();
        day.map(|day| settlement(item.item_no, 1000 + at as i64, day, 100.0, Means::Credit))
    };
    let settlements = items.iter().enumerate().filter_map(credit).collect();
    let book = Book::new(TODAY - 2000, vec!["a".to_owned()], vec![0], items, settlements);
    let curves = Curves::fit(&book, today());
    assert!(curves.other_exit(2) > 0.25 && curves.other_exit(2) < 0.6, "{}", curves.other_exit(2));
    assert!(curves.other_exit(-29) < 0.01 && curves.other_exit(1) < 0.05);
    assert!(paid_within(&curves, 0, 0, 7) < 0.1);
}

/// Chances of other exits, bill by bill and day by day.
fn other_exits_plain(chunk: &spells::Chunk, origin: Origin) -> [f64; BINS] {
    let (mut exits, mut open) = ([0.0; BINS], [0.0; BINS]);
    let weight = |day: Day| 0.5_f64.powf(f64::from(origin.day - day) / HALF_LIFE_DAYS);
    for spell in chunk.all() {
        exits[bin(spell.end - spell.due)] += weight(spell.end) * f64::from(spell.other);
        for day in spell.start..=spell.end {
            open[bin(day - spell.due)] += weight(day) * f64::from(spell.left);
        }
    }
    let mean = exits.iter().sum::<f64>() / (open.iter().sum::<f64>() + OTHER_EXIT_DAYS);
    std::array::from_fn(|at| (exits[at] + OTHER_EXIT_DAYS * mean) / (open[at] + OTHER_EXIT_DAYS))
}

#[test]
fn other_exits_by_stretches_are_those_by_days() {
    // Some due long after their posting, some open beyond the last age that is told apart, some older than the history.
    let items: Vec<Item> = (0..300)
        .map(|at| {
            let posted = TODAY - 1 - at as Day * 7 % 900;
            item(at, 0, posted, posted + at as Day * 13 % 150)
        })
        .collect();
    let exit = |(at, item): (usize, &Item)| {
        let day = item.posted + at as Day * 11 % 400;
        (at % 3 > 0 && day <= TODAY).then(|| settlement(item.item_no, 1000 + at as i64, day, 60.0, Means::Credit))
    };
    let settlements = items.iter().enumerate().filter_map(exit).collect();
    let book = Book::new(TODAY - 2000, vec!["a".to_owned()], vec![0], items, settlements);
    let chunk = Chunk::read(&book, today(), &[0]);
    let wanted = other_exits_plain(&chunk, today());
    let far = chunk.all().iter().any(|spell| spell.start - spell.due > bins::LAST_AGE);
    assert!(far && chunk.all().iter().any(|spell| spell.other > 0.0));
    for (at, (found, wanted)) in other_exits(&[chunk], today()).iter().zip(wanted).enumerate() {
        assert!((found - wanted).abs() < 1e-12, "{at}: {found}, not {wanted}");
    }
}

#[test]
fn a_thin_book_has_curves_too() {
    let bill = |payer: u32, due: Day, paid: Option<Day>| Bill { payer, due, paid };
    let books = [
        vec![],
        vec![bill(0, TODAY + 5, None), bill(1, TODAY - 10, None)],
        vec![bill(0, TODAY - 100, Some(TODAY - 100)), bill(0, TODAY + 3, None)],
        (0..40).map(|at| bill(0, TODAY - at, Some(TODAY - at - 31))).collect(),
        (0..40).map(|at| bill(at, TODAY - at as Day, Some(TODAY - at as Day))).collect(),
        vec![bill(0, TODAY - 900, None)],
        vec![bill(0, TODAY + 300, None)],
        vec![bill(0, TODAY + 90, Some(TODAY + 95))],
    ];
    for bills in books {
        let mut book = book(&bills);
        for holidays in [vec![], (TODAY - 900..TODAY + 900).collect::<Vec<_>>()] {
            book.holidays = holidays;
            let curves = Curves::fit(&book, today());
            for (payer, age) in [(0, -30), (0, 0), (1, 10), (7, 60), (0, 5000), (0, -5000)] {
                let rates = chances(&curves, payer, age, 400);
                assert!(rates.iter().all(|chance| *chance > 0.0 && *chance < 1.0), "{bills:?}: {rates:?}");
                let paid = paid_within(&curves, payer, age, 400);
                // Years before its due date next to nothing is paid.
                let is_likely = if age < -1000 { paid < 0.05 } else { paid > 0.0005 };
                assert!(is_likely, "{bills:?}: {paid} at {age}");
            }
            assert!((-60..400).all(|age| (0.0..1.0).contains(&curves.other_exit(age))));
        }
    }
}

#[test]
fn a_bill_due_long_after_the_terms_seen_is_not_expected_before_it_is_due() {
    // Every bill seen was paid five days late, on terms of 30 days.
    let bills: Vec<Bill> = (0..300).map(|at| Bill { payer: 0, due: TODAY - 5 - at, paid: Some(TODAY - at) }).collect();
    let curves = Curves::fit(&book(&bills), today());
    for due_in in [60, 90, 365, 730] {
        assert!(paid_within(&curves, 0, -due_in, due_in as usize - 1) < 0.1, "{due_in}");
        assert!(paid_within(&curves, 0, -due_in, due_in as usize + 30) > 0.8, "{due_in}");
    }
}

#[test]
fn small_rates_have_the_chance_that_large_ones_lead_to() {
    for rate in [0.0, 1e-12, 1e-4, 0.019_999, 0.02, 0.5, 40.0] {
        let exact = -f64::exp_m1(-rate);
        assert!((chance_of(rate) - exact).abs() <= 1e-11 * exact, "{rate}");
    }
}
