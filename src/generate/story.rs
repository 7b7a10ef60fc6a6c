//! The story of one account from the first day of the book to the last.

use super::account::{Account, Event};
use super::days::Day;

impl Account<'_> {
    /// Lets everything happen that happens in the book: what was open before, billing on `bill_days`, and what follows.
    pub(super) fn tell(&mut self, bill_days: &[Day]) {
        let span = self.world.span;
        self.today = span.start;
        self.open_balance();
        self.plan_case();
        for day in bill_days {
            while let Some(event) = self.next_event(*day) {
                self.happen(event);
            }
            self.issue(*day);
        }
        while let Some(event) = self.next_event(span.end) {
            self.happen(event);
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Run(currency) => self.run(currency),
            Event::Apply { receipt, list } => self.apply_list(receipt, list),
            Event::Sweep { credit, attempt } => self.sweep(credit, attempt),
            Event::Bounce { receipt, first, last } => self.bounce(receipt, first, last),
            Event::Chargeback { receipt } => self.chargeback(receipt),
            Event::Dispute { item, cents } => self.dispute(item, cents),
            Event::Resolve { dispute } => self.resolve(dispute),
            Event::WriteOffRest { item } => self.write_off_rest(item),
            Event::Return { item } => self.take_back(item),
            Event::Cancel { item } => self.cancel(item),
            Event::DebitNote { item } => self.add_debit(item),
            Event::Interest { item, late_days } => self.bill_interest(item, late_days),
            Event::Review { item, stage } => self.review(item, stage),
            Event::Provision { item } => self.provide(item),
            Event::Contact => self.contact(),
            Event::Fraud => self.commit(),
        }
    }
}
