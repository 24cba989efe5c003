//! The Turkish groups of words.

use crate::i18n::ChangeDirection;
use crate::i18n::groups::{AboutTexts, DeviceTexts, GoalTexts, PastTexts, PeopleTexts, sources};
use tidemark_domain::bmi::RiskBand;

pub const GOAL: GoalTexts = GoalTexts {
    title: "Hedef",
    set: "Hedef koy",
    change: "Değiştir",
    remove: "Hedefi kaldır",
    invitation: "Bir hedefle Tidemark onu grafikte gösterir ve ne zaman ulaşabileceğinizi söyler.",
    kind: "Amaç",
    lose: "Kilo ver",
    gain: "Kilo al",
    keep: "Koru",
    weight: "Hedef kilo",
    line: |weight| format!("Hedef {weight}"),
    floor: |lowest| {
        format!(
            "Bu boy için en düşük hedef {lowest}. Bu, yetişkinlerde normal aralığın başladığı VKİ 18,5 demektir; Tidemark bunun altında hedef koymaz. Kayıt eklemek hiçbir zaman sınırlanmaz."
        )
    },
    must_be_below: |trend| format!("Kilo vermek için eğilimden ({trend}) düşük bir değer seçin."),
    must_be_above: |trend| format!("Kilo almak için eğilimden ({trend}) yüksek bir değer seçin."),
    to_go: |amount| format!("{amount} kaldı."),
    reached: "Eğilim hedefte.",
    between: |from, to| {
        if from == to {
            format!("Son dört haftanın hızıyla: {from}.")
        } else {
            format!("Son dört haftanın hızıyla: {from} ile {to} arasında.")
        }
    },
    too_few_days: |days| format!("Tahmin için henüz yeterli kayıt yok. {days} gün daha yeter."),
    no_direction: "Tahmin yok: son dört haftada kilo, yol aldığından çok dalgalandı.",
    other_way: "Tahmin yok: son dört haftada kilo hedeften uzaklaştı.",
    too_far: "Tahmin yok: bu hızla iki yıldan uzun sürer.",
    off_by: |direction, amount| match direction {
        ChangeDirection::Down => format!("Eğilim hedefin {amount} altında."),
        ChangeDirection::Up => format!("Eğilim hedefin {amount} üstünde."),
        ChangeDirection::Level => "Eğilim hedefte.".to_owned(),
    },
    why_range: "Kilo günden güne dalgalandığı için tahmin bir aralıktır. Hiçbir şey değişmezse hız beşte dört olasılıkla bu aralıktadır.",
};

pub const PEOPLE: PeopleTexts = PeopleTexts {
    title: "Bu cihazdaki kişiler",
    add: "Kişi ekle",
    no_entry: "Kayıt yok",
    remove: |name| format!("Listeden çıkar: {name}"),
    removed: |name| format!("Çıkarıldı: {name}"),
    avatar: "Resim",
    avatars: [
        "İlk harf",
        "Dalga",
        "Güneş",
        "Ay",
        "Yaprak",
        "Dağ",
        "Yıldız",
        "Kuş",
        "Tekne",
    ],
    welcome: "Kurulum",
    welcome_why: "Bir dakika sürer; hepsi sonra ayarlardan değiştirilebilir. Hesap gerekmez.",
    steps: ["Gösterim", "Sizin hakkınızda", "Hedefiniz"],
    step_of: |step, of| format!("Adım {step} / {of}"),
    about_why: "Hepsi isteğe bağlı. Boydan VKİ bulunur; doğum tarihi yetişkin aralıklarının geçerli olup olmadığını belirler.",
    skip: "Atla",
    back: "Geri",
    next: "İleri",
    done: "Bitti",
};

pub const PAST: PastTexts = PastTexts {
    view: "Görünüm",
    views: ["Kayıtlar", "Ortalamalar", "Silinenler"],
    period: "Ortalama süresi",
    periods: ["Hafta", "Ay", "Yıl"],
    average: "Ortalama",
    change: "Değişim",
    week_of: |date| format!("{} haftası", super::day_month(date)),
    days: |days| format!("{days} gün"),
    averages_sentence: |direction, amount, count| match direction {
        ChangeDirection::Down => {
            format!("{count} ortalamanın ilkinden sonuncusuna {amount} azaldı.")
        }
        ChangeDirection::Up => format!("{count} ortalamanın ilkinden sonuncusuna {amount} arttı."),
        ChangeDirection::Level => format!("{count} ortalamanın ilki ve sonuncusu aynı."),
    },
    averages_none: "Ortalamalar ilk kayıtla başlar.",
    deleted_note: |days| format!("Son {days} günde bu cihazda silinenler buradan geri alınabilir."),
    deleted_empty: "Son zamanlarda bir şey silinmedi.",
    deleted_on: |when| format!("silindi: {when}"),
    restore: "Geri al",
    restore_entry: |entry| format!("Geri al: {entry}"),
};

pub const DEVICE: DeviceTexts = DeviceTexts {
    thresholds: "VKİ eşikleri",
    thresholds_usual: "Uluslararası",
    thresholds_lower: "Daha düşük",
    thresholds_why: "Kimi insanlarda, Asya kökenlilerin birçoğu dahil, risk daha düşük bir VKİ’de artar. Dünya Sağlık Örgütü onlar için 25 ve 30 yerine 23 ve 27,5 değerlerini verir. Seçim sizindir; Tidemark bunu asla tahmin etmez.",
    risk_band: |band| match band {
        RiskBand::Under => "Düşük kilolu",
        RiskBand::Acceptable => "Kabul edilebilir risk",
        RiskBand::Increased => "Artmış risk",
        RiskBand::High => "Yüksek risk",
    },
    risk_band_short: |band| match band {
        RiskBand::Under => "Düşük",
        RiskBand::Acceptable => "Olağan",
        RiskBand::Increased => "Artmış",
        RiskBand::High => "Yüksek",
    },
    measure: "Grafikte",
    hide_numbers: "Sayıları gizle",
    hide_numbers_why: "Kilolar ve VKİ bu cihazda nokta olarak görünür.",
    kept: (
        "Bu cihazda güvende",
        "Tarayıcı onları kendiliğinden silmez.",
    ),
    not_kept: (
        "Tarayıcı silebilir",
        "Yer azaldığında. Uygulamayı yüklemek ya da eşitlemek kayıtlarınızı korur.",
    ),
    kept_unknown: (
        "Bu cihazda saklı",
        "Bu tarayıcı ne kadar güvenli olduğunu söylemiyor.",
    ),
    erase: "Bu cihazdaki her şeyi sil",
    erase_why: |unsent| {
        let lost = if unsent == 0 {
            String::new()
        } else {
            format!(" {unsent} kayıt henüz sunucuda değil, kaybolur.")
        };
        format!(
            "Kayıtlar, kişiler ve ayarlar bu tarayıcıdan silinir ve geri dönüşü yoktur. Sunucudakiler orada kalır, bu cihaz yeniden eşitlenince geri gelir.{lost}"
        )
    },
    erase_confirm: "Her şeyi sil",
    install: "Tidemark’ı ana ekrana ekleyin",
    install_why: "Tarayıcılar bir süre açılmayan sitelerin verilerini silebilir. Yüklenmiş bir uygulamanınkileri saklarlar.",
    install_by_hand: "Önce Paylaş’a, sonra Ana Ekrana Ekle’ye dokunun.",
    install_do: "Yükle",
    install_never: "İstemiyorum",
};

pub const ABOUT: AboutTexts = AboutTexts {
    title: "Hakkında",
    version: |version| format!("Sürüm {version}"),
    what: &[
        "Tidemark kilo ve VKİ kaydeder. İnternet olmadan çalışır, olunca eşitlenir.",
        "Geldiği uygulamada VTİ diye geçen değer VKİ ile aynıdır.",
        "Tıbbi öneri vermez.",
    ],
    formulas: "Nasıl hesaplanır",
    rules: &[
        (
            "Eğilim",
            "Eğilim her gün o günün ortalamasına doğru onda bir kadar ilerler. Aradan sonra, geçen günler kadar ilerler.",
            sources::TREND,
        ),
        (
            "Değişim",
            "Eğilimin bir hafta ya da 30 gün öncesine farkı. Son 7 günün 4’ünde ya da son 28 günün 19’unda kayıt varsa gösterilir.",
            "",
        ),
        (
            "VKİ",
            "Kilogramın metre kareye bölümü. Sınıf tam değere göre belirlenir; gösterilen sayı başka bir sınıfa taşmaz.",
            sources::BMI,
        ),
        (
            "Daha düşük eşikler",
            "18,5, 23 ve 27,5; kişinin kendi seçimi olarak.",
            sources::LOWER,
        ),
        (
            "20 yaşın altı",
            "VKİ sınıfsız gösterilir: yaşa ve cinsiyete göre okunması gerekir.",
            sources::YOUNG,
        ),
        (
            "Tahmin",
            "Son dört haftadan geçen bir doğru, iki yanda 1,28 standart hata ile. En az 14 gün içinde kayıtlı 10 gün ister.",
            "",
        ),
        (
            "Ortalamalar",
            "Günlerin ortalamalarının ortalaması; her gün bir kez sayılır.",
            "",
        ),
        (
            "Birimler",
            "Kilolar tam gram, boylar tam milimetre olarak saklanır.",
            sources::UNITS,
        ),
    ],
    privacy: "Gizlilik",
    privacy_text: &[
        "Siz istemeden bu cihazdan hiçbir şey çıkmaz. İzleyici ve başkalarına istek yoktur.",
    ],
    licence: "Lisans",
    licence_text: "Tidemark özgür yazılımdır: MIT ya da Apache 2.0, hangisini isterseniz.",
};
