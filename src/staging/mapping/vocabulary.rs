//! What columns and document types are called in exports, in several languages and systems.

/// Names of columns by what they are in the ledger, folded by [`fold`], with a blank between two. SAP and Oracle names: SOURCES of the project,
/// "SAP (FBL5N list, BSID/BSAD)" and "Oracle EBS / Fusion"; the others are the usual words of English, German,
/// Hungarian, Polish, French, Spanish, Italian, Dutch, Chinese and Russian exports.
const COLUMNS: [(&str, &str); 32] = [
    (
        "item_id",
        "itemid docid doc num number transactionnumber transactionno refno refnumber invoiceid invoiceno invoicenumber invoicenr invoice documentno documentnumber docno \
         docnumber belnr belegnr belegnummer rechnungsnr rechnungsnummer szamlaszam bizonylatszam nrfaktury numer \
         numerfaktury numerodefacture nofacture numerofactura numerofattura factuurnummer trxnumber \
         paymentscheduleid beleg belegno rechnung rechnungno rechnungnr rechnungsnum faktura fakturanr \
         fakturanummer fakturnr dokumentnr dokumentnummer szamla szamlasorszam bizonylat bizonylatsorszam \
         bizonylatsz szamlasz facture numfacture nfacture numerofacture facturen numpiece numeropiece \
         numerodepiece nopiece faktury factura fattura factuur factuurnr 发票号码 发票号 发票编号 凭证号 凭证编号 单据号 номерсчета \
         счет номердокумента 单据编号",
    ),
    (
        "customer_id",
        "customerid customerno customernumber custnumber custno custid cust customer customercode account konto kontonr kontonummer accountno \
         accountnumber debtor debtorno partyname partysname party nabywca odbiorca subcuenta debitor debitornr debitorennr kunde kundennr kundennummer kunnr ugyfel \
         ugyfelkod ugyfelazonosito vevo vevokod vevoazonosito klient kontrahent nrklienta client codeclient \
         numeroclient cliente codigocliente codicecliente klantnummer klant debiteur debitorno debitornummer \
         debitorennummer debitoren kundenno kundenid kundennum kundencode kundenkonto debitorenkonto vevoszam \
         vevoid vevokodja vevoazon ugyfelszam ugyfelid ugyfelazon partner partnerkod partnerazonosito partnerid \
         partnerszam numclient noclient clientid idclient clientno clientcode comptetiers tiers codetiers klantnr \
         debiteurnr debiteurnummer 客户编号 客户代码 客户号 客户 客户编码 контрагент клиент кодклиента покупатель",
    ),
    (
        "customer_name",
        "name customername custname customerfullname contact contactname accountname debtorname kundenname debitorname \
         debitorenname vevonev vevoneve ugyfelnev ugyfelneve partnernev partnerneve nomclient nazwaklienta \
         nombrecliente nomecliente klantnaam 客户名称 наименованиеклиента",
    ),
    (
        "amount",
        "amount amt amountinclvat amountincltax totalamountinclvat total gross originalamount amountoriginal originalamt invoiceamt documentamount invoicetotal invoicevalue invoiceamount totalamount grossamount amountindoccurr amountindocumentcurrency wrbtr betrag bruttobetrag rechnungsbetrag betraginbelegwahrung osszeg \
         bruttoosszeg szamlaosszeg kwota kwotabrutto montant montantttc importe importo bedrag amountdueoriginal \
         betragbrutto rechnungsbetragbrutto gesamtbetrag summe brutto belegbetrag belegwahrungsbetrag \
         osszegbrutto bruttoertek bruttovegosszeg vegosszeg szamlavegosszeg fizetendo fizetendoosszeg montantbrut montanttotal \
         montantfacture totalttc ttc montantdevise 金额 发票金额 含税金额 价税合计 总金额 应收金额 сумма суммадокумента",
    ),
    (
        "document_amount",
        "amountforeigncurrency foreigncurrencyamount foreignamount fxamount transactionamount amountintransactioncurrency fremdwahrungsbetrag \
         betragfremdwahrung devizaosszeg montantendevise importedivisa 外币金额 原币金额 суммаввалюте",
    ),
    (
        "receipt_id",
        "receiptno receiptnumber receiptid paymentno paymentnumber paymentid zahlungsnr zahlungsnummer 收款单号 收款编号",
    ),
    ("received_on", "receiptdate receivedon datereceived bookingdate valuedate 到账日期"),
    ("applied_to", "appliedto appliedtoinvoice appliedtodocument invoiceapplied paidinvoice 核销发票"),
    (
        "local_currency",
        "localcurrency localcurr lcurr lcur lccy hwaer hauswahrung hauswahrg companycurrency companycodecurrency \
         basecurrency functionalcurrency sajatdeviza 本位币",
    ),
    (
        "paid_amount",
        "totalpaid paidtodate amountpaid paid paidamount paidamt amtpaid amountsettled settledamount receivedamount amountreceived bezahlt gezahlt \
         bezahlterbetrag fizetve kifizetve befizetve befizetett kifizetett zaplacono kwotazaplacona montantpaye montantregle paye regle \
         pagado importepagado cobrado pagato importopagato incassato betaald betaaldbedrag 已付金额 已收金额 收款金额 оплачено",
    ),
    (
        "local_amount",
        "amountinlocalcur amountinlocalcurrency amountlcy amountinlcy totalincurrencysigned dmbtr betraginhauswahrung hauswahrungsbetrag 本币金额",
    ),
    (
        "open_amount",
        "amountoutstanding os unpaid lefttopay currenttrxamount pendiente importependiente openstaand openstaandbedrag pozostaje dozaplaty solde \
         resteapayer residuo importoresiduo restbelopp aterstaende 未收金额 未付金额 opbetrag stillopen currentbalance totalopenamount remaining outstandingbalance unpaidamount openamount openamt amountopen amountdue outstanding outstandingamount balance amountdueremaining amountremaining remainingamount balancedue openbalance \
         offenerbetrag restbetrag offen nyitottosszeg nyitott hatralek restedu kwotapozostala 未清金额 остаток",
    ),
    (
        "issued_on",
        "issuedon issuedate invoicebilldate billdate fecha fechaemision datadoc datadokumentu datawyst invoicedate invdate transactiondate trandate documentdate docdate bldat belegdatum rechnungsdatum szamlakelte kiallitasdatuma \
         datawystawienia datafaktury datefacture datedefacture fechafactura datafattura factuurdatum trxdate \
         baselinecreatedate documentcreatedate date datum belegdat rechnungsdat fakturadatum ausstellungsdatum \
         ausgestelltam kiallitas kiallitasa kiallitasdatum kiallitasidatum kelt kelte szamladatum szamladatuma \
         bizonylatdatum bizonylatkelte bizonylatdatuma datumfaktury dateemission datedemission \
         dateemissionfacture datedelafacture datepiece datedepiece 开票日期 发票日期 凭证日期 单据日期 датадокумента датасчета",
    ),
    (
        "posted_on",
        "postedon postingdate fechacontable dataregistrazione pstngdate budat buchungsdatum konyvelesdatuma dataksiegowania datecomptable gldate \
         buchungsdat buchungstag gebuchtam konyveles konyvelesidatum konyvelesdatum konyvelve \
         datecomptabilisation datedecomptabilisation datecompta dateecriture 过账日期 记账日期 датапроводки",
    ),
    (
        "due_on",
        "dueon due duedate dueindate netduedate netdue faedt netdt falligkeit falligkeitsdatum falligam \
         nettofalligkeit nettoesedekesseg esedekesseg fizetesihatarido terminplatnosci echeance datedecheance vencimiento \
         fechavencimiento scadenza datascadenza vervaldatum fallig falligkeitsdat nettofallig falligkeitstag \
         zahlbarbis esedekes esedekessegdatuma esedekessegidatum esedekessegnapja lejarat lejaratdatuma \
         fizhatarido fizetesihat hatarido dateecheance dateecheances datedecheances echeances echeanceau 到期日 \
         到期日期 付款到期日 应收日期 срокоплаты датаоплатыдо",
    ),
    (
        "cleared_on",
        "clearedon cleardate clearingdate clearing augdt ausgleichsdatum ausgleich settleddate settledon paiddate \
         paidon paymentdate kiegyenlitesdatuma kifizetesdatuma fizetesdatuma datazaplaty datedepaiement fechapago datapagamento \
         betaaldatum actualdateclosed ausgleichsdat ausgeglichenam bezahltam zahlungsdatum zahldatum \
         zahlungseingang kiegyenlites kiegyenlitesidatum fizetesidatum fizetesnapja befizetesdatuma datereglement \
         datedereglement datepaiement reglele payele datelettrage 清账日期 结清日期 付款日期 收款日期 датаоплаты датапогашения",
    ),
    (
        "currency",
        "documentcurrency documentcurrencycode doccurr doccurrency doccurrencycode currencykey currkey currcode ccycode \
         transactioncurrency trxcurrency wahrg currency currencycode crcy curr cur ccy waers wahrung wahr belegwahrung devizanem penznem waluta devise moneda \
         divisa valuta invoicecurrency invoicecurrencycode wahrungscode wahrungsschlussel deviza penznemkod \
         valutanem codedevise monnaie 币种 货币 币别 货币代码 валюта",
    ),
    (
        "company",
        "company companycode businesscode cocd bukrs buchungskreis vallalat spolka societe sociedad societa orgid \
         entity firma gesellschaft mandant ceg cegkod codesociete entite 公司代码 公司 организация",
    ),
    (
        "kind",
        "kind doctype art vorgang vorgangsart vchtype vouchertype tipo tipodoc tipodocumento tipodedocumento rodzaj typdokumentu \
         typ soort documenttype type transactiontype trantype trxtype ty blart belegart bizonylattipus rodzajdokumentu typedepiece \
         clasedocumento class belegtyp dokumentart dokumenttyp bizonylattipusa bizonylatfajta bizonylatjelleg \
         szamlatipus szamlatipusa tipus soortdocument typepiece typedocument typededocument 凭证类型 单据类型 发票类型 виддокумента типдокумента 类型",
    ),
    (
        "terms_code",
        "termscode paymentterms custpaymentterms payt zterm zahlungsbedingung fizetesifeltetel terms zahlungsbed \
         zahlungsbedingungen zahlungskondition zahlungskonditionen fizfeltetel fizetesifelt conditionspaiement \
         conditionsdepaiement 付款条件 付款条款 условияоплаты",
    ),
    (
        "terms_days",
        "termsdays paymentdays zahlungsziel fizetesinapok netdays zieltage fizetesihataridonap delaipaiement \
         delaidepaiement",
    ),
    (
        "reference",
        "reference xblnr referenz hivatkozas referencia ref referenznr referenznummer hivatkozasiszam \
         hivatkozasszam referencepiece 参考号 参照",
    ),
    ("document_no", "documentgroup billingdocument billdoc vbeln"),
    (
        "purchase_order",
        "purchaseorder ponumber pono bestellnummer bstkd rendelesszam customponumber bestellnr \
         kundenbestellnummer rendelesszama megrendelesszam numerocommande numcommande nocommande boncommande",
    ),
    ("business_unit", "businessunit businessarea gsber profitcenter prctr geschaftsbereich uzletag division sparte"),
    (
        "tax_amount",
        "taxamount vatamount totaltax steuerbetrag mwst afa afaosszeg kwotavat montanttva mwstbetrag steuer \
         ustbetrag ust umsatzsteuer mehrwertsteuer afaertek tva",
    ),
    (
        "is_disputed",
        "isdisputed disputed dispute reklamation vitatott sporna litige strittig reklamiert vitas reklamacio \
         enlitige",
    ),
    (
        "entered_at",
        "enteredat createdat entrydate cpudt erfassungsdatum rogzitve creationdate erfasstam erfassungszeit \
         rogzitesdatuma rogzitesideje datesaisie datedesaisie",
    ),
    (
        "entered_by",
        "enteredby createdby username usnam erfasser rogzitette user erfasstvon benutzer rogzito felhasznalo \
         saisipar utilisateur",
    ),
    (
        "debit",
        "charges debit debitamount debitamt debe importedebe betragsoll dare soll sollbetrag tartozik debet дебет 借方 借方金额",
    ),
    (
        "credit",
        "payments credits credit creditamount creditamt haber importehaber betraghaben avere haben habenbetrag kovetel kredit кредит 贷方 贷方金额",
    ),
    (
        "sign",
        "tk strona creditdebit creditdebitindicator cdtdbtind sign vorzeichen elojel shkzg debitcreditind dcindicator sollhaben sollhabenkennz drcr da dareavere dh debehaber segno winienma wnma sollhabenkz sollhabenkennzeichen shkz \
         tartozikkovetel sens debitcredit 借贷标识 借贷方向 借贷 借贷标志 方向 дебеткредит sh dc",
    ),
];

/// Document types by what they are: SAP's as delivered, which each client may change, and plain words.
const KINDS: [(&str, &str); 6] = [
    (
        "invoice",
        "rv dr inv invoice salesinvoice accrec rechnung szamla faktura facture factura fattura re rechnungen szla \
         vevoiszamla fac sales sale vendita fatturavendita sprzedaz facturadeventa verkoopfactuur 发票 应收 счет счетфактура",
    ),
    ("debit_note", "dm debitnote debitmemo lastschrift terhelo lastschriften notededebit terhelolevel"),
    (
        "credit_note",
        "dg cm creditnote creditmemo accreccredit gutschrift jovairas korekta avoir notadicredito notacredito ndc notadecredito abono creditnota fakturakorygujaca fk gs gutschriften gutschriftsanzeige \
         jovairoszamla stornoszamla sztorno sztornoszamla avoirs notedecredit 贷项 贷项通知单 红字发票 возврат",
    ),
    (
        "receipt",
        "dz pmt payment receipt zahlung befizetes platnosc wplata paiement pago cobro incasso pagamento bonifico betaling ontvangst zahlungseingang ze eingang fizetes \
         kiegyenlites reglement encaissement virement 收款 付款 оплата платеж",
    ),
    ("chargeback", "cb chargeback"),
    ("adjustment", "ab da adjustment journal journalentry korrektur ausbuchung korrekcio regularisation"),
];

/// Words of sign columns: those for what a customer is credited, and for what it is debited.
const CREDIT: &str = "crdt h c cr k a credit haben kredit kov követel ma avere haber - 贷";
const DEBIT: &str = "dbit s d dr t debit soll debet tart tartozik wn winien dare debe + 借";

/// Whether a word of a sign column stands for a credit; none where it is not known.
pub(super) fn is_credit(word: &str) -> Option<bool> {
    let word = word.trim().to_lowercase();
    let is_in = |words: &str| words.split(' ').any(|known| known == word);
    if is_in(CREDIT) { Some(true) } else { is_in(DEBIT).then_some(false) }
}

/// Signs and short words of currencies, beside the codes of ISO 4217.
const CURRENCIES: &str = "$ us$ c$ a$ s$ nz$ hk$ nt$ mx$ r$ € £ ¥ ￥ ₹ ₺ ₽ ₩ ₪ ₫ ₴ ₱ ฿ rs rs. ft zł kč kr kr. fr fr. sfr sfr. lei лв ден дин din руб руб. р. 元 円 tl rm rp";

/// What a word beside an amount is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    Currency,
    Credit,
    Debit,
    Unknown,
}

/// What a word beside an amount is.
pub(super) fn beside(word: &str) -> Beside {
    let lower = word.to_lowercase();
    let kind = || kind(word);
    match is_credit(word) {
        Some(true) => Beside::Credit,
        Some(false) => Beside::Debit,
        None if CURRENCIES.split(' ').any(|known| known == lower) || is_code(word) => Beside::Currency,
        None if matches!(kind(), Some("credit_note" | "receipt")) || lower == "nc" => Beside::Credit,
        None => Beside::Unknown,
    }
}

/// Whether a word has the form of a currency code: three letters of one case.
fn is_code(word: &str) -> bool {
    let is_of = |is_case: fn(&u8) -> bool| word.len() == 3 && word.bytes().all(|b| is_case(&b));
    is_of(u8::is_ascii_uppercase) || is_of(u8::is_ascii_lowercase)
}

/// What a column is, by its name.
pub(super) fn meaning(name: &str) -> Option<&'static str> {
    lookup(&COLUMNS, name)
}

/// What a document type is.
pub(super) fn kind(word: &str) -> Option<&'static str> {
    lookup(&KINDS, word)
}

/// The meaning of a word, or of the German word that it transcribes: `Faellig` is `Fällig`.
fn lookup(table: &[(&'static str, &str)], word: &str) -> Option<&'static str> {
    let folded = fold(word);
    let plain = folded.replace("ae", "a").replace("oe", "o").replace("ue", "u");
    let find = |wanted: &str| table.iter().find(|(_, words)| words.split(' ').any(|word| word == wanted));
    find(&folded).or_else(|| find(&plain)).map(|(meaning, _)| *meaning)
}

/// Small letters and digits only, Latin ones without accents: `Ügyfél-kód` is `ugyfelkod`.
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
    name.to_lowercase().chars().map(plain).filter(|c| c.is_alphanumeric() && *c != 'º').collect()
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
            ("Beleg", "item_id"),
            ("Faellig", "due_on"),
            ("Fällig am", "due_on"),
            ("Waehrung", "currency"),
            ("Esedekes", "due_on"),
            ("Számla kelte", "issued_on"),
            ("Vegosszeg", "amount"),
            ("Date d'echeance", "due_on"),
            ("N° facture", "item_id"),
            ("Réglé le", "cleared_on"),
            ("INVOICE_CURRENCY_CODE", "currency"),
            ("到期日", "due_on"),
            ("Срок оплаты", "due_on"),
        ] {
            assert_eq!(meaning(name), Some(expected), "{name}");
        }
        assert_eq!(meaning("days_late"), None);
        assert_eq!((kind("RV"), kind("Gutschrift"), kind("ZZ")), (Some("invoice"), Some("credit_note"), None));
    }

    #[test]
    fn a_name_means_one_thing() {
        let mut names: Vec<&str> = COLUMNS.iter().flat_map(|(_, names)| names.split(' ')).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
