//! The Turkish words for syncing.

use crate::i18n::sync::SyncTexts;
use tidemark_engine::waiting::Why;

pub const SYNC: SyncTexts = SyncTexts {
    lead: "Kayıtlarınızın nerede olduğunu burada görürsünüz: bu cihazda, sunucuda, diğer cihazlarınızda. Bekleyenler aşağıda nedenleriyle durur. Sizin bir şey yapmanız gerekmez.",

    whereabouts: "Nerede",
    steps: ["Bu cihazda kayıtlı", "Sunucuda", "Diğer cihazlarınızda"],
    not_yet: "henüz değil",
    on_server: "Sunucuda",
    device_has_it: |name, seen| format!("{name} cihazında var. Son görülme: {seen}."),
    device_lacks_it: |name, seen| format!("{name} cihazında henüz yok. Son görülme: {seen}."),

    why,
    tried_in: |seconds| format!("{seconds}\u{a0}sn sonra yeniden denenecek."),

    retry: "Yeniden dene",
    discard: "Vazgeç",
    discard_note: "Önce onu bir kurtarma dosyasına kaydeder.",
    refused_alike: |count| format!("Aynı nedenle {count} kayıt"),
    mend_all: |count| format!("{count} kaydın hepsini düzelt"),
    retry_all: |count| format!("{count} kaydı yeniden dene"),
    goes_to_all: |count| format!("Burada seçtiğiniz değer {count} kaydın hepsine yazılır."),
    of_person: |name| format!("{name} kişisini göster"),

    conflicts: "Cihazlar arasında karar verilenler",
    conflicts_note: "İki cihaz aynı kaydı değiştirdi. Kalan değer bu; bir dokunuşla değiştirebilirsiniz.",
    conflict_asks: |count| {
        if count == 1 {
            "İki cihaz aynı kaydı değiştirdi. Hangi değer doğru?".to_owned()
        } else {
            format!("İki cihaz aynı {count} kaydı değiştirdi. Hangi değerler doğru?")
        }
    },
    kept: "Kalan",
    not_kept: "Kalmayan",
    take: |value| format!("{value} olsun"),
    keep_both: "İkisi de kalsın",
    let_stand: "Böyle iyi",
    deleted: "Silindi",
    unknown: "Artık bilinmiyor",
    policy: "İki cihaz aynı kaydı değiştirirse",
    policy_note: "Bu cihazın gönderdikleri için geçerlidir. Diğer cihazlarınızda da aynısını seçin.",
    policy_latest: "Sonraki değişiklik kalır",
    policy_prefer: |device| format!("{device} haklıdır"),
    policy_ask: "Bana sor",

    earlier: "Önceki değerler",
    earlier_none: "Hiç başka bir değeri olmadı.",
    earlier_offline: "Önceki değerler sunucuda duruyor; şu anda sorulamıyor.",
    replaced: |when, by| format!("{when} tarihine kadar, değiştiren: {by}"),
    use_again: "Bunu kullan",

    identical: |clock| format!("Bu cihaz ile sunucu aynı ({clock})."),
    healed: |months| format!("{months} ay farklıydı ve yeniden alındı."),
    differs: |months| format!("{months} ay sunucudan farklı. Yakında yeniden karşılaştırılacak."),
    set_aside: |months| {
        format!(
            "Bu cihazda {months} ay okunamadı ve kenara ayrıldı; sunucuda olanlar yeniden alınıyor."
        )
    },

    devices: "Cihazlar",
    this_device: "Bu cihaz",
    other_device: |mark| format!("Cihaz {mark}"),
    seen: |when| format!("son görülme: {when}"),
    up_to_date: "her şey var",
    lags: "henüz güncel değil",
    storage: "Depolama",
    clock_ahead: |minutes| {
        format!(
            "Bu cihazın saati {minutes}\u{a0}dk ileri. Eşitleme bunu hesaba katar; hiçbir şey kaybolmaz."
        )
    },
    clock_behind: |minutes| {
        format!(
            "Bu cihazın saati {minutes}\u{a0}dk geri. Eşitleme bunu hesaba katar; hiçbir şey kaybolmaz."
        )
    },

    risk_low: |count| format!("{count} kayıt şimdilik yalnızca bu cihazda."),
    risk_long: |count, since| format!("{count} kayıt yalnızca bu cihazda (en eskisi: {since})."),
    risk_high: |count, since| {
        format!(
            "{count} kayıt yalnızca bu cihazda (en eskisi: {since}) ve tarayıcınız bu verileri silebilir."
        )
    },
    rescue: "Kurtarma dosyası kaydet",

    log_filter: "Günlükte gösterilenler",
    log_filters: ["Hepsi", "Değişiklik olanlar", "Sorunlar"],
    log_healed: "karşılaştırıldı ve düzeltildi",
    show_more: "Daha fazla göster",
    copy: "Kopyala",
    copied: "Kopyalandı",
    not_copied: "Kopyalanamadı",
    report: "Destek raporu",
    report_note: "Sürümler, durumlar ve sayılar. Kilo, not ya da ad içermez.",
};

fn why(why: &Why) -> &'static str {
    match why {
        Why::Refused(_) => "Sunucu onu bu haliyle kabul etmedi.",
        Why::OtherAccount => "Başka bir hesapla yazıldı. Göndermek için o hesapla giriş yapın.",
        Why::SignIn => "Göndermek için giriş yapın.",
        Why::Outdated => "Tidemark’ın bu sürümü çok eski. Güncellemek için yeniden yükleyin.",
        Why::WhoIsWho => "Önce bu kayıtların kime ait olduğunu söyleyin.",
        Why::Behind => "Dayandığı önceki değişiklik kabul edilmedi. Önce onu düzeltin.",
        Why::Storage => "Bu cihazın depolaması yanıt vermiyor.",
        Why::NoNetwork => "Ağ yok. Yeniden bağlanınca kendiliğinden gider.",
        Why::NoAnswer => "Sunucu yanıt vermiyor.",
        Why::Intercepted => {
            "Sunucunun yerine başka bir şey yanıt veriyor. Bu ağ giriş isteyebilir."
        }
        Why::Pause => "Sunucu ara verilmesini istedi.",
        Why::PutOff => "Sunucu sonra gönderilmesini istedi.",
        Why::Trouble => "Sunucuda sorun var.",
        Why::Person => "Önce ait olduğu profil gider.",
        Why::Going => "Bir sonraki eşitlemede gider.",
    }
}
