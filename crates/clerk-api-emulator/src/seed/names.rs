//! Names of people in many languages, and words that companies are named with.

/// A language region and the names that are usual there. Where a name is not in Latin letters, its Latin
/// form stands behind a colon.
pub(super) struct Region {
    pub(super) locale: &'static str,
    pub(super) first: &'static [&'static str],
    pub(super) last: &'static [&'static str],
}

#[rustfmt::skip]
pub(super) const REGIONS: [Region; 16] = [
    Region {
        locale: "en-US",
        first: &["Abigail", "Brandon", "Caleb", "Daisy", "Ethan", "Grace", "Hannah", "Isaac", "Julia", "Kyle", "Megan", "Nathan", "Olivia", "Tyler"],
        last: &["Adams", "Brooks", "Carter", "Dawson", "Ellis", "Foster", "Hayes", "Jordan", "Mitchell", "Parker", "Reed", "Sullivan", "Turner", "Walsh"],
    },
    Region {
        locale: "en-GB",
        first: &["Alfie", "Beatrice", "Callum", "Edith", "Finlay", "Gemma", "Harriet", "Imogen", "Jasper", "Lewis", "Niamh", "Oscar", "Poppy", "Rhys"],
        last: &["Ashworth", "Bennett", "Clarke", "Davies", "Fletcher", "Griffiths", "Hughes", "Kerr", "MacLeod", "O'Brien", "Pritchard", "Shaw", "Thornton", "Whitaker"],
    },
    Region {
        locale: "de-DE",
        first: &["Anke", "Björn", "Clara", "Dirk", "Elke", "Friedrich", "Greta", "Jürgen", "Käthe", "Lukas", "Matthias", "Sabine", "Ulrike", "Wolfgang"],
        last: &["Bauer", "Fischer", "Groß", "Hoffmann", "Jäger", "Krüger", "Lehmann", "Müller", "Neumann", "Richter", "Schäfer", "Vogel", "Weiß", "Zimmermann"],
    },
    Region {
        locale: "fr-FR",
        first: &["Adèle", "Benoît", "Chloé", "Damien", "Élodie", "François", "Gaëlle", "Hélène", "Jérôme", "Léa", "Maëlle", "Noémie", "Rémi", "Zoé"],
        last: &["Aubert", "Bernard", "Chevalier", "Dupont", "Fournier", "Girard", "Lefèvre", "Marchand", "Moreau", "Noël", "Perrin", "Renard", "Roussel", "Vidal"],
    },
    Region {
        locale: "es-MX",
        first: &["Alejandra", "Beatriz", "César", "Diego", "Esperanza", "Gabriela", "Héctor", "Inés", "José", "Lucía", "Martín", "Raúl", "Sofía", "Ximena"],
        last: &["Castillo", "Domínguez", "Fernández", "García", "Herrera", "Ibáñez", "López", "Muñoz", "Núñez", "Ortega", "Peña", "Ramírez", "Torres", "Vázquez"],
    },
    Region {
        locale: "pt-BR",
        first: &["Ana", "Beatriz", "Caio", "Débora", "Eduardo", "Flávia", "Gustavo", "Helena", "João", "Larissa", "Mateus", "Natália", "Otávio", "Thaís"],
        last: &["Almeida", "Barbosa", "Cardoso", "Conceição", "Ferreira", "Gonçalves", "Lima", "Magalhães", "Nogueira", "Oliveira", "Pereira", "Ribeiro", "Silva", "Teixeira"],
    },
    Region {
        locale: "pl-PL",
        first: &["Agnieszka", "Bartosz", "Celina", "Dawid", "Elżbieta", "Grzegorz", "Hanna", "Jędrzej", "Kinga", "Łukasz", "Małgorzata", "Paweł", "Stanisław", "Zofia"],
        last: &["Adamczyk", "Błaszczyk", "Dąbrowski", "Gałązka", "Jabłoński", "Kamiński", "Lewandowski", "Nowak", "Ostrowski", "Pawlak", "Sobczak", "Wiśniewski", "Wójcik", "Zając"],
    },
    Region {
        locale: "sv-SE",
        first: &["Alva", "Björn", "Ebba", "Erik", "Göran", "Håkan", "Ingrid", "Jonas", "Kerstin", "Linnéa", "Malin", "Nils", "Sören", "Ylva"],
        last: &["Åberg", "Bergström", "Dahl", "Ekström", "Forsberg", "Gustafsson", "Hedlund", "Lindqvist", "Nyström", "Öberg", "Sandberg", "Sjögren", "Wallin", "Åkesson"],
    },
    Region {
        locale: "tr-TR",
        first: &["Ayşe", "Barış", "Cem", "Defne", "Emre", "Fatma", "Gökhan", "Hülya", "İpek", "Kerem", "Leyla", "Mehmet", "Özlem", "Yağmur"],
        last: &["Aksoy", "Bulut", "Çelik", "Demir", "Erdoğan", "Güneş", "Kaya", "Koç", "Öztürk", "Polat", "Şahin", "Tekin", "Yıldız", "Yılmaz"],
    },
    Region {
        locale: "uk-UA",
        first: &["Андрій:andrii", "Богдан:bohdan", "Віра:vira", "Ганна:hanna", "Дмитро:dmytro", "Зоряна:zoriana", "Ірина:iryna", "Леся:lesia", "Микола:mykola", "Оксана:oksana", "Роман:roman", "Соломія:solomiia", "Тарас:taras", "Юлія:yuliia"],
        last: &["Бондаренко:bondarenko", "Гриценко:hrytsenko", "Іваненко:ivanenko", "Коваль:koval", "Лисенко:lysenko", "Мельник:melnyk", "Олійник:oliinyk", "Павленко:pavlenko", "Романюк:romaniuk", "Савчук:savchuk", "Ткаченко:tkachenko", "Франко:franko", "Шевченко:shevchenko", "Яценко:yatsenko"],
    },
    Region {
        locale: "ar-EG",
        first: &["أحمد:ahmed", "أمينة:amina", "خالد:khaled", "دينا:dina", "رانيا:rania", "سامي:sami", "عمر:omar", "فاطمة:fatima", "كريم:karim", "ليلى:layla", "مريم:mariam", "نور:nour", "هدى:hoda", "يوسف:youssef"],
        last: &["إبراهيم:ibrahim", "الشريف:elsherif", "المصري:elmasry", "حسن:hassan", "حسين:hussein", "سالم:salem", "صالح:saleh", "عبدالله:abdallah", "عثمان:osman", "فاروق:farouk", "كامل:kamel", "منصور:mansour", "نصار:nassar", "يونس:younes"],
    },
    Region {
        locale: "hi-IN",
        first: &["Aarav", "Ananya", "Deepak", "Divya", "Ishaan", "Kavya", "Lakshmi", "Manish", "Neha", "Pooja", "Rahul", "Sanjay", "Tanvi", "Vikram"],
        last: &["Agarwal", "Banerjee", "Chatterjee", "Desai", "Gupta", "Iyer", "Joshi", "Kapoor", "Mehta", "Nair", "Patel", "Rao", "Sharma", "Singh"],
    },
    Region {
        locale: "zh-CN",
        first: &["伟:wei", "芳:fang", "娜:na", "秀英:xiuying", "敏:min", "静:jing", "丽:li", "强:qiang", "磊:lei", "军:jun", "洋:yang", "勇:yong", "艳:yan", "杰:jie"],
        last: &["王:wang", "李:li", "张:zhang", "刘:liu", "陈:chen", "杨:yang", "赵:zhao", "黄:huang", "周:zhou", "吴:wu", "徐:xu", "孙:sun", "胡:hu", "朱:zhu"],
    },
    Region {
        locale: "ja-JP",
        first: &["愛子:aiko", "大輔:daisuke", "恵美:emi", "花子:hanako", "一郎:ichiro", "純:jun", "健太:kenta", "美咲:misaki", "直樹:naoki", "蓮:ren", "桜:sakura", "太郎:taro", "結衣:yui", "裕子:yuko"],
        last: &["青木:aoki", "藤田:fujita", "橋本:hashimoto", "井上:inoue", "加藤:kato", "松本:matsumoto", "中村:nakamura", "岡田:okada", "佐藤:sato", "鈴木:suzuki", "高橋:takahashi", "田中:tanaka", "渡辺:watanabe", "山本:yamamoto"],
    },
    Region {
        locale: "en-NG",
        first: &["Adaeze", "Babatunde", "Chiamaka", "Damilola", "Emeka", "Folake", "Ifeoma", "Kelechi", "Ngozi", "Obinna", "Temitope", "Uche", "Yetunde", "Zainab"],
        last: &["Abiodun", "Adeyemi", "Balogun", "Chukwu", "Danjuma", "Eze", "Ibekwe", "Lawal", "Nwosu", "Obi", "Okafor", "Oyelaran", "Sule", "Uzoma"],
    },
    Region {
        locale: "vi-VN",
        first: &["Anh", "Bảo", "Châu", "Dung", "Giang", "Hạnh", "Khánh", "Lan", "Minh", "Ngọc", "Phương", "Quỳnh", "Thảo", "Tuấn"],
        last: &["Bùi", "Đặng", "Đinh", "Dương", "Hoàng", "Huỳnh", "Lê", "Lý", "Ngô", "Nguyễn", "Phạm", "Phan", "Trần", "Vũ"],
    },
];

#[rustfmt::skip]
pub(super) const COMPANY_FRONT: [&str; 32] = [
    "Amber", "Atlas", "Basalt", "Beacon", "Birch", "Bluebird", "Cascade", "Cedar", "Cobalt", "Copper", "Delta",
    "Ember", "Falcon", "Fjord", "Granite", "Harbor", "Indigo", "Juniper", "Kestrel", "Lantern", "Meadow", "Nimbus",
    "Northern", "Opal", "Pioneer", "Quarry", "Raven", "Silver", "Summit", "Tidal", "Velvet", "Willow",
];

#[rustfmt::skip]
pub(super) const COMPANY_BACK: [&str; 24] = [
    "Analytics", "Bakery", "Bank", "Biotech", "Books", "Clinic", "Coffee", "Energy", "Farms", "Films", "Foods",
    "Games", "Health", "Insurance", "Labs", "Logistics", "Media", "Motors", "Robotics", "School", "Software",
    "Studios", "Travel", "Works",
];

pub(super) const DOMAINS: [&str; 6] = [
    "example.com",
    "example.org",
    "example.net",
    "mail.example.com",
    "post.example.org",
    "inbox.example.net",
];

/// A name as it is written and as it goes into an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) written: &'static str,
    pub(super) plain: String,
}

impl Name {
    pub(super) fn of(entry: &'static str) -> Self {
        match entry.split_once(':') {
            Some((written, plain)) => Self {
                written,
                plain: plain.to_owned(),
            },
            None => Self {
                written: entry,
                plain: plain(entry),
            },
        }
    }
}

/// Returns a name in plain lower-case letters a to z.
fn plain(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' => out.push(c),
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' | 'ả' | 'ạ' | 'ầ' | 'ấ' | 'ặ' =>
            {
                out.push('a');
            }
            'ç' => out.push('c'),
            'đ' => out.push('d'),
            'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ễ' => out.push('e'),
            'ğ' => out.push('g'),
            'í' | 'î' | 'ï' | 'ı' => out.push('i'),
            'ł' => out.push('l'),
            'ñ' | 'ń' => out.push('n'),
            'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ọ' => out.push('o'),
            'ś' | 'ş' => out.push('s'),
            'ß' => out.push_str("ss"),
            'ù' | 'ú' | 'ü' | 'ũ' | 'ư' => out.push('u'),
            'ơ' => out.push('o'),
            'ý' | 'ỳ' => out.push('y'),
            'ź' | 'ż' => out.push('z'),
            // An apostrophe, or the dot that a capital İ leaves behind.
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_plain_form_of_its_length() {
        for region in &REGIONS {
            for entry in region.first.iter().chain(region.last) {
                let name = Name::of(entry);
                let letters = name.plain.bytes().all(|b| b.is_ascii_lowercase());
                assert!(letters && name.plain.len() >= 2, "{name:?}");
                if !entry.contains(':') {
                    let written = name.written.chars().filter(|c| c.is_alphabetic()).count();
                    let double = name.written.matches('ß').count();
                    assert_eq!(name.plain.len(), written + double, "{name:?}");
                }
            }
        }
        assert_eq!(Name::of("O'Brien").plain, "obrien");
        assert_eq!(Name::of("İpek").plain, "ipek");
    }
}
