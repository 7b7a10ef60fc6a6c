//! What columns and document types are called in exports, in several languages and systems.

/// Names of columns by what they are in the ledger, folded by [`fold`]. SAP and Oracle names: SOURCES of the project,
/// "SAP (FBL5N list, BSID/BSAD)" and "Oracle EBS / Fusion"; the others are the usual words of English, German,
/// Hungarian, Polish, French, Spanish, Italian and Dutch exports.
const COLUMNS: [(&str, &[&str]); 21] = [
    (
        "item_id",
        &[
            "itemid",
            "docid",
            "invoiceid",
            "invoiceno",
            "invoicenumber",
            "invoicenr",
            "invoice",
            "documentno",
            "documentnumber",
            "docno",
            "docnumber",
            "belnr",
            "belegnr",
            "belegnummer",
            "rechnungsnr",
            "rechnungsnummer",
            "szamlaszam",
            "bizonylatszam",
            "nrfaktury",
            "numerfaktury",
            "numerodefacture",
            "nofacture",
            "numerofactura",
            "numerofattura",
            "factuurnummer",
            "trxnumber",
            "paymentscheduleid",
        ],
    ),
    (
        "customer_id",
        &[
            "customerid",
            "customerno",
            "customernumber",
            "custnumber",
            "custno",
            "customer",
            "customercode",
            "account",
            "accountno",
            "accountnumber",
            "debtor",
            "debtorno",
            "debitor",
            "debitornr",
            "debitorennr",
            "kunde",
            "kundennr",
            "kundennummer",
            "kunnr",
            "ugyfel",
            "ugyfelkod",
            "ugyfelazonosito",
            "vevo",
            "vevokod",
            "vevoazonosito",
            "klient",
            "kontrahent",
            "nrklienta",
            "client",
            "codeclient",
            "numeroclient",
            "cliente",
            "codigocliente",
            "codicecliente",
            "klantnummer",
            "klant",
            "debiteur",
        ],
    ),
    (
        "amount",
        &[
            "amount",
            "invoiceamount",
            "totalamount",
            "totalopenamount",
            "grossamount",
            "amountindoccurr",
            "amountindocumentcurrency",
            "amountinlocalcur",
            "wrbtr",
            "dmbtr",
            "betrag",
            "bruttobetrag",
            "rechnungsbetrag",
            "betraginbelegwahrung",
            "osszeg",
            "bruttoosszeg",
            "szamlaosszeg",
            "kwota",
            "kwotabrutto",
            "montant",
            "montantttc",
            "importe",
            "importo",
            "bedrag",
            "amountdueoriginal",
        ],
    ),
    (
        "issued_on",
        &[
            "issuedon",
            "invoicedate",
            "documentdate",
            "docdate",
            "bldat",
            "belegdatum",
            "rechnungsdatum",
            "szamlakelte",
            "kiallitasdatuma",
            "datawystawienia",
            "datafaktury",
            "datefacture",
            "datedefacture",
            "fechafactura",
            "datafattura",
            "factuurdatum",
            "trxdate",
            "baselinecreatedate",
            "documentcreatedate",
            "date",
            "datum",
        ],
    ),
    (
        "posted_on",
        &[
            "postedon",
            "postingdate",
            "pstngdate",
            "budat",
            "buchungsdatum",
            "konyvelesdatuma",
            "dataksiegowania",
            "datecomptable",
            "gldate",
        ],
    ),
    (
        "due_on",
        &[
            "dueon",
            "duedate",
            "dueindate",
            "netduedate",
            "netdue",
            "faedt",
            "netdt",
            "falligkeit",
            "falligkeitsdatum",
            "falligam",
            "nettofalligkeit",
            "esedekesseg",
            "fizetesihatarido",
            "terminplatnosci",
            "echeance",
            "datedecheance",
            "vencimiento",
            "fechavencimiento",
            "scadenza",
            "datascadenza",
            "vervaldatum",
        ],
    ),
    (
        "cleared_on",
        &[
            "clearedon",
            "cleardate",
            "clearingdate",
            "clearing",
            "augdt",
            "ausgleichsdatum",
            "ausgleich",
            "settleddate",
            "settledon",
            "paiddate",
            "paidon",
            "paymentdate",
            "kiegyenlitesdatuma",
            "fizetesdatuma",
            "datazaplaty",
            "datedepaiement",
            "fechapago",
            "datapagamento",
            "betaaldatum",
            "actualdateclosed",
        ],
    ),
    (
        "currency",
        &[
            "currency",
            "currencycode",
            "crcy",
            "curr",
            "waers",
            "wahrung",
            "wahr",
            "belegwahrung",
            "devizanem",
            "penznem",
            "waluta",
            "devise",
            "moneda",
            "divisa",
            "valuta",
            "invoicecurrency",
            "invoicecurrencycode",
        ],
    ),
    (
        "company",
        &[
            "company",
            "companycode",
            "businesscode",
            "cocd",
            "bukrs",
            "buchungskreis",
            "vallalat",
            "spolka",
            "societe",
            "sociedad",
            "societa",
            "orgid",
            "entity",
        ],
    ),
    (
        "kind",
        &[
            "kind",
            "doctype",
            "documenttype",
            "type",
            "ty",
            "blart",
            "belegart",
            "bizonylattipus",
            "rodzajdokumentu",
            "typedepiece",
            "clasedocumento",
            "class",
        ],
    ),
    (
        "terms_code",
        &[
            "termscode",
            "paymentterms",
            "custpaymentterms",
            "payt",
            "zterm",
            "zahlungsbedingung",
            "fizetesifeltetel",
            "terms",
        ],
    ),
    ("terms_days", &["termsdays", "paymentdays", "zahlungsziel", "fizetesinapok", "netdays"]),
    ("reference", &["reference", "xblnr", "referenz", "hivatkozas", "referencia", "ref"]),
    ("document_no", &["documentgroup", "billingdocument", "billdoc", "vbeln"]),
    (
        "purchase_order",
        &["purchaseorder", "ponumber", "pono", "bestellnummer", "bstkd", "rendelesszam", "customponumber"],
    ),
    (
        "business_unit",
        &["businessunit", "businessarea", "gsber", "profitcenter", "prctr", "geschaftsbereich", "uzletag", "division"],
    ),
    (
        "tax_amount",
        &["taxamount", "vatamount", "totaltax", "steuerbetrag", "mwst", "afa", "afaosszeg", "kwotavat", "montanttva"],
    ),
    ("is_disputed", &["isdisputed", "disputed", "dispute", "reklamation", "vitatott", "sporna", "litige"]),
    ("entered_at", &["enteredat", "createdat", "entrydate", "cpudt", "erfassungsdatum", "rogzitve", "creationdate"]),
    ("entered_by", &["enteredby", "createdby", "username", "usnam", "erfasser", "rogzitette", "user"]),
    ("sign", &["shkzg", "debitcreditind", "dcindicator", "sollhaben", "sollhabenkennz", "drcr"]),
];

/// Document types by what they are: SAP's as delivered, which each client may change, and plain words.
const KINDS: [(&str, &[&str]); 6] = [
    ("invoice", &["rv", "dr", "inv", "invoice", "rechnung", "szamla", "faktura", "facture", "factura", "fattura"]),
    ("debit_note", &["dm", "debitnote", "debitmemo", "lastschrift", "terhelo"]),
    ("credit_note", &["dg", "cm", "creditnote", "creditmemo", "gutschrift", "jovairas", "korekta", "avoir"]),
    ("receipt", &["dz", "pmt", "payment", "receipt", "zahlung", "befizetes", "platnosc", "paiement", "pago"]),
    ("chargeback", &["cb", "chargeback"]),
    ("adjustment", &["ab", "da", "adjustment", "korrektur"]),
];

/// What a column is, by its name.
pub(super) fn meaning(name: &str) -> Option<&'static str> {
    let folded = fold(name);
    COLUMNS.iter().find(|(_, names)| names.contains(&folded.as_str())).map(|(meaning, _)| *meaning)
}

/// What a document type is.
pub(super) fn kind(word: &str) -> Option<&'static str> {
    let folded = fold(word);
    KINDS.iter().find(|(_, words)| words.contains(&folded.as_str())).map(|(kind, _)| *kind)
}

/// Small letters and digits only, without accents: `Ügyfél-kód` is `ugyfelkod`.
fn fold(name: &str) -> String {
    const ACCENTS: [(&str, char); 11] = [
        ("áàâãäåąă", 'a'),
        ("éèêëęě", 'e'),
        ("íìîï", 'i'),
        ("óòôõöőø", 'o'),
        ("úùûüűů", 'u'),
        ("çćč", 'c'),
        ("ñńň", 'n'),
        ("śšş", 's'),
        ("źżž", 'z'),
        ("ł", 'l'),
        ("ýÿ", 'y'),
    ];
    let plain = |c: char| ACCENTS.iter().find(|(accented, _)| accented.contains(c)).map_or(c, |(_, plain)| *plain);
    name.to_lowercase().chars().map(plain).filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_in_many_languages() {
        for (name, expected) in [
            ("cust_number", "customer_id"),
            ("Ügyfél", "customer_id"),
            ("KUNNR", "customer_id"),
            ("Fälligkeit", "due_on"),
            ("esedékesség", "due_on"),
            ("Fizetési határidő", "due_on"),
            ("Kwota brutto", "amount"),
            ("Amount in Doc. Curr.", "amount"),
            ("Währung", "currency"),
            ("AUGDT", "cleared_on"),
            ("INVOICE_CURRENCY_CODE", "currency"),
        ] {
            assert_eq!(meaning(name), Some(expected), "{name}");
        }
        assert_eq!(meaning("days_late"), None);
        assert_eq!((kind("RV"), kind("Gutschrift"), kind("ZZ")), (Some("invoice"), Some("credit_note"), None));
    }

    #[test]
    fn a_name_means_one_thing() {
        let mut names: Vec<&str> = COLUMNS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
