//! Which encoding a text file has: certain, or an error that names the candidates and shows a word in each.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1252};
use serde::Deserialize;

use crate::error::Error;

/// An encoding of text, by its name in the WHATWG Encoding Standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// UTF-8.
    pub const UTF_8: Self = Self(UTF_8);
    /// UTF-16, low byte first.
    pub const UTF_16_LE: Self = Self(UTF_16LE);
    /// UTF-16, high byte first.
    pub const UTF_16_BE: Self = Self(UTF_16BE);
    /// Central European Windows: Hungarian, Polish, Czech.
    pub const WINDOWS_1250: Self = Self(WINDOWS_1250);
    /// Western European Windows.
    pub const WINDOWS_1252: Self = Self(WINDOWS_1252);

    /// A decoder that does not look for a byte order mark.
    pub(super) fn decoder(self) -> encoding_rs::Decoder {
        self.0.new_decoder_without_bom_handling()
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.name().to_ascii_lowercase())
    }
}

impl FromStr for Encoding {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = text.trim().to_ascii_lowercase();
        let label = if wanted.len() == 4 && wanted.starts_with("125") { format!("cp{wanted}") } else { wanted };
        encoding_rs::Encoding::for_label(label.as_bytes()).map(Self).ok_or_else(|| {
            format!(
                "\"{text}\" is not an encoding; expected utf-8, utf-16le, utf-16be, windows-1250, windows-1252, \
                 iso-8859-2 or another name of the WHATWG Encoding Standard"
            )
        })
    }
}

impl TryFrom<String> for Encoding {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// Letters beyond ASCII of languages written in windows-1250, each checked against its Windows code page.
const CENTRAL: [&str; 8] =
    ["áéíóöőúüű", "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "ăâîşţșț", "čćđšž", "äöüß", "çëáéíóúý"];

/// Letters beyond ASCII of languages written in windows-1252.
const WESTERN: [&str; 9] = [
    "äöüß",
    "àâæçéèêëîïôœùûüÿ",
    "áéíñóúüçàèïò",
    "áâãàçéêíóôõúü",
    "àèéìíîòóùú",
    "æøåéöäüô",
    "åäöéüà",
    "éëïóöüèêáí",
    "áéíóúýþæðö",
];

/// Signs of windows-1252 that end a word, where windows-1250 has letters that also stand inside one.
const SIGNS: &str = "ªº¹²³½¼£¥¿¡®©°";

/// Share of the telling characters a language must explain for its code page to be chosen.
const ENOUGH: f64 = 0.95;

/// Lead over the other code page that the choice needs.
const LEAD: f64 = 0.2;

/// Telling characters from which the letters alone decide, against the detector.
const ENOUGH_CHARACTERS: u64 = 5;

/// What is known of the bytes of a text that is not UTF-8.
pub(super) struct Evidence {
    detector: EncodingDetector,
    /// How often each byte occurs, before a letter and elsewhere: a sign such as `³` ends a word, a `ł` often does not.
    counts: Vec<[u64; 2]>,
    /// The first words with a character that the two code pages read differently.
    words: Vec<Vec<u8>>,
}

impl Evidence {
    pub(super) fn new() -> Self {
        Self { detector: EncodingDetector::new(Iso2022JpDetection::Deny), counts: vec![[0; 2]; 256], words: Vec::new() }
    }

    /// Takes in the next bytes of the text.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.detector.feed(bytes, false);
        for (at, &byte) in bytes.iter().enumerate().filter(|(_, byte)| !byte.is_ascii()) {
            let is_inside = bytes.get(at + 1).is_some_and(|&next| next.is_ascii_alphabetic() || next >= 0xC0);
            self.counts[usize::from(byte)][usize::from(is_inside)] += 1;
            if self.words.len() < 3 && differs(byte) {
                let is_part = |b: &u8| b.is_ascii_alphabetic() || !b.is_ascii();
                let start = bytes[..at].iter().rposition(|b| !is_part(b)).map_or(0, |p| p + 1);
                let end = bytes[at..].iter().position(|b| !is_part(b)).map_or(bytes.len(), |p| at + p);
                let word = bytes[start..end].to_vec();
                if !self.words.contains(&word) {
                    self.words.push(word);
                }
            }
        }
    }

    /// The encoding, where the bytes leave no doubt.
    ///
    /// # Errors
    /// [`Error::Source`] naming the candidates where they do.
    pub(super) fn decide(mut self, path: &Path) -> Result<Encoding, Error> {
        self.detector.feed(b"", true);
        let guess = self.detector.guess(None, Utf8Detection::Deny);
        let reads_alike = |other: &'static encoding_rs::Encoding, ours| {
            self.seen().all(|(byte, _, _)| decoded(other, byte) == decoded(ours, byte))
        };
        let is_ours = [WINDOWS_1250, WINDOWS_1252].into_iter().any(|ours| reads_alike(guess, ours));
        if is_ours && self.seen().any(|(byte, is_inside, _)| is_of_dos(byte, is_inside)) {
            return Err(Error::source_file(
                path,
                "the text is not UTF-8 and holds bytes that are no letters in the code pages of Windows: it seems to be in a code page \
                 of DOS (850 or 852), which is not read; save it as UTF-8, or name its encoding with --encoding",
            ));
        }
        if !self.seen().any(|(byte, _, _)| differs(byte)) && reads_alike(guess, WINDOWS_1252) {
            return Ok(Encoding::WINDOWS_1252);
        }
        let central = self.coverage(WINDOWS_1250, &CENTRAL);
        let western = self.coverage(WINDOWS_1252, &WESTERN);
        // The detector judges by pairs of letters and errs on short lists of names; a third encoding is a doubt.
        let telling_count: u64 = self.seen().filter(|&(byte, _, _)| differs(byte)).map(|(_, _, count)| count).sum();
        let is_backed = |ours| reads_alike(guess, ours) || (is_ours && telling_count >= ENOUGH_CHARACTERS);
        if central >= ENOUGH && central >= western + LEAD && is_backed(WINDOWS_1250) {
            return Ok(Encoding::WINDOWS_1250);
        }
        if western >= ENOUGH && western >= central + LEAD && is_backed(WINDOWS_1252) {
            return Ok(Encoding::WINDOWS_1252);
        }
        Err(self.doubt(path, guess))
    }

    /// Every byte beyond ASCII that occurs, whether a letter follows it, and how often.
    fn seen(&self) -> impl Iterator<Item = (u8, bool, u64)> {
        (0x80..=0xFF_u8)
            .flat_map(|byte| [false, true].map(|is_inside| (byte, is_inside)))
            .map(|(byte, is_inside)| (byte, is_inside, self.counts[usize::from(byte)][usize::from(is_inside)]))
            .filter(|&(_, _, count)| count > 0)
    }

    /// Share of the text that the best-fitting of `languages` explains: of the telling characters and, so that õ alone
    /// does not pass for Portuguese, of all letters beyond ASCII; the smaller of the two.
    fn coverage(&self, encoding: &'static encoding_rs::Encoding, languages: &[&str]) -> f64 {
        let share = |letters: &str, is_counted: &dyn Fn(u8) -> bool| {
            let (mut explained, mut total) = (0, 0);
            for (byte, is_inside, count) in self.seen().filter(|&(byte, _, _)| is_counted(byte)) {
                let shown = decoded(encoding, byte);
                let is_letter = shown.to_lowercase().chars().any(|c| letters.contains(c));
                let is_sign = !is_inside && shown.chars().any(|c| SIGNS.contains(c));
                total += count;
                explained += if is_letter || is_sign { count } else { 0 };
            }
            if total == 0 { 1.0 } else { explained as f64 / total as f64 }
        };
        let is_letter = |byte| decoded(encoding, byte).chars().any(char::is_alphabetic);
        languages.iter().map(|letters| share(letters, &differs).min(share(letters, &is_letter))).fold(0.0, f64::max)
    }

    fn doubt(&self, path: &Path, guess: &'static encoding_rs::Encoding) -> Error {
        let mut candidates = vec![WINDOWS_1250, WINDOWS_1252];
        if !candidates.contains(&guess) {
            candidates.push(guess);
        }
        let shown: Vec<String> = candidates
            .iter()
            .map(|encoding| {
                let words: Vec<_> = self.words.iter().map(|w| encoding.decode_without_bom_handling(w).0).collect();
                format!("{} (would read {})", Encoding(encoding), words.join(", "))
            })
            .collect();
        Error::source_file(
            path,
            format!(
                "the text is not UTF-8, and its encoding is not certain: {}; say which with --encoding",
                shown.join(", ")
            ),
        )
    }
}

/// Bytes that are ü, É and ö in the code pages of DOS: nothing in those of Windows, or a closing quote, which no letter follows.
fn is_of_dos(byte: u8, is_inside: bool) -> bool {
    matches!(byte, 0x81 | 0x90) || (byte == 0x94 && is_inside)
}

/// Whether windows-1250 and windows-1252 read the byte differently.
fn differs(byte: u8) -> bool {
    decoded(WINDOWS_1250, byte) != decoded(WINDOWS_1252, byte)
}

fn decoded(encoding: &'static encoding_rs::Encoding, byte: u8) -> String {
    encoding.decode_without_bom_handling(&[byte]).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(text: &str, encoding: Encoding) -> Result<Encoding, String> {
        let mut evidence = Evidence::new();
        evidence.add(&encoding.0.encode(text).0);
        evidence.decide(Path::new("x.csv")).map_err(|e| e.to_string())
    }

    #[test]
    fn hungarian_polish_and_czech_are_windows_1250() {
        let w1250 = Encoding::WINDOWS_1250;
        let hungarian =
            "vevő;összeg\nGyőri Keksz Kft.;1200\nFűszér és Társa Bt.;50\nKőbányai Sörgyár;7\nHűtőház Zrt.;9\n";
        assert_eq!(decided(hungarian, w1250), Ok(w1250));
        let polish = "Zakłady Mięsne Łódź;10\nŻabka Polska;20\nSpółka Wędrowiec Śląsk;30\nMłyn Gdańsk;1\n";
        assert_eq!(decided(polish, w1250), Ok(w1250));
        let czech = "Třinecké železárny;10\nŠkoda Plzeň;20\nBudějovický Budvar;30\n";
        assert_eq!(decided(czech, w1250), Ok(w1250));
    }

    #[test]
    fn a_code_page_of_dos_is_not_taken_for_one_of_windows() {
        for bytes in [&b"Kunde;1\nM\x81ller;2\n"[..], b"Kunde;1\nK\x94hler;2\n"] {
            let mut evidence = Evidence::new();
            evidence.add(bytes);
            let message = evidence.decide(Path::new("x.csv")).expect_err("no letter of Windows").to_string();
            assert!(message.contains("a code page of DOS") || message.contains("is not certain"), "{message}");
        }
        assert_eq!(
            decided("\u{201e}Kft\u{201d};1\nM\u{fc}ller;2\n", Encoding::WINDOWS_1252),
            Ok(Encoding::WINDOWS_1252)
        );
    }

    #[test]
    fn french_and_nordic_are_windows_1252_and_german_is_either() {
        let w1252 = Encoding::WINDOWS_1252;
        let french =
            "Société Générale;1\nHôtel de la Forêt;2\nCrème Brûlée et Fils;3\nÀ la carte;4\nDélices frères;5\n";
        assert_eq!(decided(french, w1252), Ok(w1252));
        assert_eq!(decided("Ørsted Næstved;1\nÅrhus Brød;2\nSmørrebrød på vej;3\n", w1252), Ok(w1252));
        assert_eq!(decided("Müller & Söhne;1\nStraße 5 \u{20ac};2\n", w1252), Ok(w1252));
    }

    #[test]
    fn a_single_telling_letter_is_a_doubt_that_shows_both_readings() {
        let message = decided("Gyõr;1\n", Encoding::WINDOWS_1252).expect_err("õ and ő are one byte");
        assert!(message.contains("windows-1250 (would read Győr), windows-1252 (would read Gyõr)"), "{message}");
        assert!(message.contains("--encoding"), "{message}");
    }

    #[test]
    fn names_of_encodings() {
        assert_eq!("1250".parse(), Ok(Encoding::WINDOWS_1250));
        assert_eq!("CP1252".parse(), Ok(Encoding::WINDOWS_1252));
        assert_eq!("UTF-8".parse::<Encoding>().map(|e| e.to_string()), Ok("utf-8".to_owned()));
        assert!("ebcdic".parse::<Encoding>().is_err_and(|e| e.contains("\"ebcdic\"")));
    }
}
