//! Where the synthetic book trades: companies, countries and currencies.

/// A currency of the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Currency {
    Eur,
    Usd,
    Huf,
    Cny,
    Gbp,
}

impl Currency {
    pub(super) const ALL: [Self; 5] = [Self::Eur, Self::Usd, Self::Huf, Self::Cny, Self::Gbp];

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Eur => "EUR",
            Self::Usd => "USD",
            Self::Huf => "HUF",
            Self::Cny => "CNY",
            Self::Gbp => "GBP",
        }
    }

    /// Whether amounts have no decimals, as banks have it for the forint.
    pub(super) const fn is_whole(self) -> bool {
        matches!(self, Self::Huf)
    }

    /// Euro for one unit where the random walk of the rates starts. Invented, near the rates of 2023.
    pub(super) const fn first_rate(self) -> f64 {
        match self {
            Self::Eur => 1.0,
            Self::Usd => 0.92,
            Self::Huf => 0.0026,
            Self::Cny => 0.128,
            Self::Gbp => 1.155,
        }
    }

    /// Hundredths of this currency for an amount, rounded to what the currency can pay, never under its smallest coin.
    pub(super) fn cents(self, amount: f64) -> i64 {
        let cents = if self.is_whole() { (amount.round() as i64) * 100 } else { (amount * 100.0).round() as i64 };
        cents.max(if self.is_whole() { 100 } else { 1 })
    }
}

/// A country with its own calendar and names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Country {
    De,
    Hu,
    Us,
    Cn,
    Gb,
    Fr,
}

impl Country {
    pub(super) const ALL: [Self; 6] = [Self::De, Self::Hu, Self::Us, Self::Cn, Self::Gb, Self::Fr];

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::De => "DE",
            Self::Hu => "HU",
            Self::Us => "US",
            Self::Cn => "CN",
            Self::Gb => "GB",
            Self::Fr => "FR",
        }
    }

    /// The currency customers of the country bank in.
    pub(super) const fn currency(self) -> Currency {
        match self {
            Self::De | Self::Fr => Currency::Eur,
            Self::Hu => Currency::Huf,
            Self::Us => Currency::Usd,
            Self::Cn => Currency::Cny,
            Self::Gb => Currency::Gbp,
        }
    }
}

/// A legal entity that bills; its team collects for it.
#[derive(Debug)]
pub(super) struct Company {
    pub(super) code: &'static str,
    pub(super) team: &'static str,
    pub(super) country: Country,
    /// Where its customers are, with their shares.
    pub(super) customers: &'static [(Country, f64)],
    /// Share of the book's customers.
    pub(super) share: f64,
    /// Domestic value added tax, standard rate of the country in 2024; exports carry none.
    pub(super) tax_rate: f64,
}

/// The companies of the book.
pub(super) const COMPANIES: [Company; 4] = [
    Company {
        code: "DE01",
        team: "Western Europe",
        country: Country::De,
        customers: &[(Country::De, 0.55), (Country::Fr, 0.25), (Country::Gb, 0.20)],
        share: 0.40,
        tax_rate: 0.19,
    },
    Company {
        code: "HU01",
        team: "Central Europe",
        country: Country::Hu,
        customers: &[(Country::Hu, 0.85), (Country::De, 0.15)],
        share: 0.25,
        tax_rate: 0.27,
    },
    Company {
        code: "US01",
        team: "Americas",
        country: Country::Us,
        customers: &[(Country::Us, 1.0)],
        share: 0.22,
        tax_rate: 0.0,
    },
    Company {
        code: "CN01",
        team: "Asia",
        country: Country::Cn,
        customers: &[(Country::Cn, 1.0)],
        share: 0.13,
        tax_rate: 0.13,
    },
];

/// Business units, with the billing factor of each month, January first.
pub(super) const BUSINESS_UNITS: [(&str, [f64; 12]); 3] = [
    ("machinery", [0.85, 0.90, 1.10, 1.00, 1.00, 1.15, 0.85, 0.75, 1.05, 1.05, 1.10, 1.20]),
    ("consumer", [0.80, 0.80, 0.95, 0.95, 1.00, 1.00, 0.90, 0.90, 1.05, 1.15, 1.35, 1.15]),
    ("services", [0.95, 0.95, 1.05, 1.00, 1.00, 1.05, 0.95, 0.85, 1.00, 1.05, 1.05, 1.10]),
];

/// Segments a customer can be in.
pub(super) const SEGMENTS: [&str; 4] = ["key_account", "mid_market", "small_business", "public_sector"];
