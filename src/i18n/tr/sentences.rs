//! Turkish sentences with a number or a choice in them. A noun after a number stays in the singular.

use crate::i18n::ChangeDirection;
use tidemark_domain::bmi::{BmiClass, BmiGroup};

pub fn change_since(direction: ChangeDirection, amount: &str, date: &str) -> String {
    match direction {
        ChangeDirection::Down => format!("{date} ile bugün arasında {amount} azaldı"),
        ChangeDirection::Up => format!("{date} ile bugün arasında {amount} arttı"),
        ChangeDirection::Level => format!("{date} ile aynı"),
    }
}

pub fn bmi_class(class: BmiClass) -> &'static str {
    match class {
        BmiClass::SevereThinness => "Aşırı düşük kilolu",
        BmiClass::ModerateThinness => "Orta derecede düşük kilolu",
        BmiClass::MildThinness => "Hafif düşük kilolu",
        BmiClass::Normal => "Normal aralık",
        BmiClass::PreObese => "Fazla kilolu",
        BmiClass::ObeseI => "Obez, 1. derece",
        BmiClass::ObeseII => "Obez, 2. derece",
        BmiClass::ObeseIII => "Obez, 3. derece",
    }
}

pub fn bmi_group(group: BmiGroup) -> &'static str {
    match group {
        BmiGroup::Under => "Düşük",
        BmiGroup::Normal => "Normal",
        BmiGroup::Over => "Fazla",
        BmiGroup::Obese => "Obez",
    }
}

pub fn waiting_reason(code: &str) -> Option<&'static str> {
    Some(match code {
        "unreachable" => "internet yok",
        "not_ours" => "sunucu yerine başka bir sayfa yanıt verdi",
        "invalid_field" => "bir değer kabul edilmedi",
        "missing_field" => "bir değer eksik",
        "unknown_user" => "profili bekliyor",
        "unknown_metric" => "bütün olarak yeniden gönderiliyor",
        "op_reuse" => "sunucuda bu adla başka bir değişiklik var",
        _ => return None,
    })
}

pub fn field_name(field: &str) -> Option<&'static str> {
    Some(match field {
        "weight" => "Kilo",
        "height" => "Boy",
        "note" => "Not",
        "created_at" => "Zaman",
        "name" => "Ad",
        "birth_date" => "Doğum tarihi",
        _ => return None,
    })
}

pub fn log_trigger(trigger: &str) -> Option<&'static str> {
    Some(match trigger {
        "start" => "Uygulama açıldı",
        "local_write" => "Kayıt eklendi",
        "online" => "Yeniden çevrimiçi",
        "visible" => "Uygulama önde",
        "live_hint" => "Sunucudan haber",
        "interval" => "Kendiliğinden",
        "manual" => "Şimdi eşitle",
        "worker_sync" => "Arka planda",
        _ => return None,
    })
}

pub fn log_outcome(sent: u32, received: u32) -> String {
    match (sent, received) {
        (0, 0) => "yeni bir şey yok".to_owned(),
        (sent, 0) => format!("{sent} gönderildi"),
        (0, received) => format!("{received} alındı"),
        (sent, received) => format!("{sent} gönderildi, {received} alındı"),
    }
}

pub fn state_offline(count: u32) -> (String, String) {
    if count == 0 {
        let text = "Yeni kayıtlar bu cihaza kaydedilir, bağlanınca eşitlenir.";
        return ("Çevrimdışısınız.".to_owned(), text.to_owned());
    }
    (
        format!("Çevrimdışısınız. {count} kayıt bu cihazda saklı."),
        "Bağlanınca kendiliğinden eşitlenir.".to_owned(),
    )
}

pub fn state_error(count: u32, wait: Option<i64>) -> (String, String) {
    let safe = if count == 0 {
        "Hiçbir şey kaybolmadı."
    } else {
        "Kayıtlarınız burada güvende."
    };
    let again = wait.map_or_else(
        || "Birazdan yeniden denenecek.".to_owned(),
        |seconds| format!("{seconds}\u{a0}sn sonra yeniden denenecek."),
    );
    (
        "Sunucuya ulaşılamadı.".to_owned(),
        format!("{safe} {again}"),
    )
}
