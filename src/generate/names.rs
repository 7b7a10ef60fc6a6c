//! Names of customers and staff as they look in real exports: accents, Chinese, quotes, commas, very long ones.

use super::dice::Dice;
use super::market::Country;

const HU: ([&str; 16], [&str; 12], [&str; 5]) = (
    [
        "Őrségi",
        "Tűzkő",
        "Alföldi",
        "Dunántúli",
        "Kékestető",
        "Bükkszék",
        "Füzesgyarmati",
        "Szőlőhegyi",
        "Tölgyfa",
        "Sárvár",
        "Mátyás",
        "Hortobágy",
        "Gyöngyös",
        "Zsámbéki",
        "Ürömi",
        "Csörsz",
    ],
    [
        "Gépgyártó",
        "Élelmiszeripari",
        "Nyomda",
        "Kereskedőház",
        "Fűrészüzem",
        "Építőipari",
        "Szállítmányozási",
        "Gyógyszernagykereskedő",
        "Műszaki",
        "Csőszerelő",
        "Vízügyi",
        "Kézműves",
    ],
    ["Kft.", "Zrt.", "Nyrt.", "Bt.", "Szövetkezet"],
);
const DE: ([&str; 16], [&str; 12], [&str; 5]) = (
    [
        "Müller",
        "Großmann",
        "Schäfer",
        "Böhm",
        "Weiß",
        "Jäger & Söhne",
        "Königsberger",
        "Nordlicht",
        "Rheinblick",
        "Häußler",
        "Grün",
        "Vöhringer",
        "Lüdenscheider",
        "Alpspitz",
        "Krüger",
        "Übersee",
    ],
    [
        "Maschinenbau",
        "Verpackungen",
        "Großhandel",
        "Medizintechnik",
        "Anlagenbau",
        "Bäckereibedarf",
        "Elektro",
        "Präzisionsteile",
        "Logistik",
        "Stahlhandel",
        "Möbelwerke",
        "Kältetechnik",
    ],
    ["GmbH", "AG", "GmbH & Co. KG", "KG", "e.K."],
);
const US: ([&str; 16], [&str; 12], [&str; 5]) = (
    [
        "Harbor",
        "Blue Ridge",
        "O'Connor",
        "Lone Star",
        "Great Plains",
        "Smith, Jones & Partners",
        "Cascade",
        "Liberty",
        "Mid-Atlantic",
        "Joe \"Buddy\" Miller",
        "Redwood",
        "Evergreen",
        "Granite State",
        "Bayou",
        "Pioneer",
        "Silver Creek",
    ],
    [
        "Foods",
        "Manufacturing",
        "Supply",
        "Medical Devices",
        "Wholesale",
        "Packaging",
        "Hardware",
        "Logistics",
        "Industrial Services",
        "Equipment",
        "Beverages",
        "Electronics",
    ],
    ["Inc.", "LLC", "Corp.", "Co.", "LP"],
);
const CN: ([&str; 16], [&str; 12], [&str; 5]) = (
    [
        "上海浦江",
        "北京华远",
        "深圳市鹏程",
        "广州粤海",
        "苏州吴中",
        "杭州西湖",
        "成都天府",
        "重庆嘉陵",
        "宁波甬江",
        "青岛海川",
        "武汉长江",
        "天津滨海",
        "厦门鹭岛",
        "东莞松山湖",
        "无锡太湖",
        "大连星海",
    ],
    [
        "机械制造",
        "食品",
        "进出口贸易",
        "电子科技",
        "包装材料",
        "医疗器械",
        "物流",
        "精密仪器",
        "建筑材料",
        "化工",
        "纺织",
        "汽车零部件",
    ],
    ["有限公司", "股份有限公司", "集团有限公司", "有限责任公司", "厂"],
);
const GB: ([&str; 16], [&str; 12], [&str; 5]) = (
    [
        "Ashford",
        "Thistle & Rowe",
        "Pennine",
        "St. Alban's",
        "Cotswold",
        "Marlowe",
        "Kingfisher",
        "Harrogate",
        "Severn",
        "Whitby",
        "Lloyd, Price & Daughters",
        "Northgate",
        "Tamar",
        "Blackfriars",
        "Clyde",
        "Wrexham",
    ],
    [
        "Engineering",
        "Catering Supplies",
        "Print",
        "Distribution",
        "Fabrications",
        "Textiles",
        "Dairy",
        "Joinery",
        "Instruments",
        "Freight",
        "Refrigeration",
        "Publishing",
    ],
    ["Ltd", "plc", "LLP", "Limited", "Holdings Ltd"],
);
const FR: ([&str; 16], [&str; 12], [&str; 5]) = (
    [
        "Lefèvre",
        "L'Étoile",
        "Bretagne",
        "Hôtelière du Midi",
        "Garçon Frères",
        "Île-de-France",
        "Beauséjour",
        "Côte d'Or",
        "Forêt-Noire",
        "Château-Thierry",
        "Noël & Fils",
        "Vallée du Rhône",
        "Sainte-Anne",
        "Périgord",
        "Océane",
        "Montréjeau",
    ],
    [
        "Emballages",
        "Mécanique",
        "Négoce",
        "Électronique",
        "Boulangerie",
        "Fournitures",
        "Transports",
        "Matériaux",
        "Santé",
        "Imprimerie",
        "Équipements",
        "Textile",
    ],
    ["SARL", "SA", "SAS", "SNC", "et Cie"],
);

/// One customer in this many has a name far longer than any column is wide.
const LONG_NAME_EVERY: i32 = 60;

/// A customer's name in the language of its country.
pub(super) fn customer(dice: &mut Dice, country: Country) -> String {
    let (heads, trades, forms) = match country {
        Country::Hu => &HU,
        Country::De => &DE,
        Country::Us => &US,
        Country::Cn => &CN,
        Country::Gb => &GB,
        Country::Fr => &FR,
    };
    let (head, trade, form) = (dice.pick(heads), dice.pick(trades), dice.pick(forms));
    let is_long = dice.between(1, LONG_NAME_EVERY) == 1;
    match (country, is_long) {
        (Country::Cn, false) => format!("{head}{trade}{form}"),
        (Country::Cn, true) => format!("{head}{trade}（原{head}国营第三{trade}联合企业）{form}"),
        (Country::Hu, true) => format!(
            "{head} {trade} Termelő, Szolgáltató, Kereskedelmi és Nemzetközi Szállítmányozó Korlátolt Felelősségű Társaság"
        ),
        (Country::De, true) => {
            format!(
                "{head} {trade} Beteiligungs- und Vermögensverwaltungsgesellschaft für Süddeutschland mbH & Co. {form}"
            )
        }
        (_, true) => {
            format!("{head} {trade} International (formerly the \"{head} Consolidated {trade}\" Group) {form}")
        }
        (_, false) => format!("{head} {trade} {form}"),
    }
}

const STAFF: [(Country, [&str; 8], [&str; 8]); 4] = [
    (
        Country::De,
        ["Anna", "Jörg", "Käthe", "Lukas", "Marie", "Peter", "Sofie", "Till"],
        ["Schröder", "Bauer", "Voß", "Dupont", "Lehmann", "Öztürk", "Hughes", "Maßmann"],
    ),
    (
        Country::Hu,
        ["Ágnes", "Béla", "Csilla", "Dénes", "Éva", "Gergő", "Ildikó", "Zsófia"],
        ["Kovács", "Szűcs", "Tóth", "Horváth", "Győri", "Kőműves", "Nagy", "Fülöp"],
    ),
    (
        Country::Us,
        ["Ava", "Carlos", "Denise", "Ethan", "Maria", "Noah", "Tasha", "William"],
        ["Johnson", "Garcia", "O'Brien", "Lee", "Nguyen", "Brown", "Walker", "Young"],
    ),
    (Country::Cn, ["伟", "芳", "娜", "敏", "静", "强", "磊", "洋"], ["王", "李", "张", "刘", "陈", "杨", "赵", "周"]),
];

/// A staff member's name, family name first where the country has it so.
pub(super) fn staff(dice: &mut Dice, country: Country) -> String {
    let (_, given, family) = STAFF.iter().find(|(c, ..)| *c == country).unwrap_or(&STAFF[0]);
    let (given, family) = (dice.pick(given), dice.pick(family));
    match country {
        Country::Hu => format!("{family} {given}"),
        Country::Cn => format!("{family}{given}"),
        _ => format!("{given} {family}"),
    }
}
