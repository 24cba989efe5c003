//! Türkçe; what has a number or a choice in it stands in [`sentences`].

mod account;
mod exchange;
mod groups;
mod sentences;
mod sync;

use super::{ChangeDirection, Texts};
use chrono::{Datelike, NaiveDate};
use sentences::{
    bmi_class, bmi_group, change_since, field_name, log_outcome, log_trigger, state_error,
    state_offline, waiting_reason,
};

const MONTHS: &str = "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık";
const MONTHS_SHORT: &str = "Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara";
const WEEKDAYS: &str = "Pazartesi Salı Çarşamba Perşembe Cuma Cumartesi Pazar";
const WEEKDAYS_SHORT: &str = "Pzt Sal Çar Per Cum Cmt Paz";

/// The Turkish texts.
pub static TEXTS: Texts = Texts {
    tag: "tr",
    own_name: "Türkçe",
    decimal_separator: ',',

    today: "Bugün",
    yesterday: "Dün",
    weekday_short: |date| super::nth_word(WEEKDAYS_SHORT, date.weekday().num_days_from_monday()),
    day_month,
    day_month_year: |date| format!("{} {}", day_month(date), date.year()),
    weekday_day_month: |date| format!("{} {}", day_month(date), weekday(date)),
    month_year: |date| format!("{} {}", month(date), date.year()),
    month_short,
    month_short_year: |date| format!("{} ’{:02}", month_short(date), date.year().rem_euclid(100)),
    day_at: |day, clock| format!("{day}, {clock}"),
    just_now: "az önce",
    minutes_ago: |minutes| format!("{minutes} dk önce"),
    hours_ago: |hours| format!("{hours} sa önce"),

    app_name: "Tidemark",
    skip_to_content: "İçeriğe geç",
    main_navigation: "Ana menü",
    nav_today: "Bugün",
    nav_history: "Geçmiş",
    nav_sync: "Eşitleme",
    nav_settings: "Ayarlar",
    nav_account: "Hesap",
    log_weight: "Kilo ekle",
    cancel: "Vazgeç",
    close: "Kapat",
    save: "Kaydet",
    edit: "Düzenle",
    delete: "Sil",
    undo: "Geri al",
    no_value: "—",
    person_without_name: "Siz",
    not_found: "Böyle bir ekran yok.",
    to_start: "Bugüne git",

    chip_local: "Bu cihazda kayıtlı",
    chip_pending: |count| format!("{count} kayıt eşitleniyor…"),
    chip_syncing: "Eşitleniyor…",
    chip_offline: "Çevrimdışı",
    chip_offline_pending: |count| format!("Çevrimdışı · {count} bekliyor"),
    chip_synced: |ago| format!("Eşitlendi: {ago}"),
    chip_not_accepted: |count| format!("{count} kayıt kabul edilmedi"),
    chip_retry_in: |seconds| format!("{seconds}\u{a0}sn sonra yeniden"),
    chip_retry: "Yeniden deneniyor",
    chip_sign_in: "Eşitlemek için giriş yapın",
    chip_outdated: "Eşitlemek için güncelleyin",
    chip_storage: "Depolama sorunu",
    chip_not_saved: |count| format!("{count} kaydedilmedi"),

    trend_weight: "Kilo eğilimi",
    per_week: "haftada",
    in_30_days: "30 günde",
    direction: |direction| match direction {
        ChangeDirection::Down => "Azaldı:",
        ChangeDirection::Up => "Arttı:",
        ChangeDirection::Level => "Değişmedi:",
    },
    last_entries: "Son kayıtlar",
    all: "Tümü",
    first_run_title: "Kilo iner, çıkar. Çizgi yönünü gösterir.",
    first_run_text: "İstediğiniz zaman ekleyin. Her şey bu cihaza kaydedilir ve internet olmadan çalışır. Hesap gerekmez.",
    log_first_weight: "İlk kilonuzu ekleyin",
    set_up_first: "Önce ayarla",

    chart_kind: "grafik",
    range_label: "Gösterilen süre",
    ranges: ["Hafta", "Ay", "3 ay", "Yıl", "Tümü"],
    change_since,
    only_one_day: "Tek günün kayıtları var. Çizgi bir sonrakiyle başlar.",
    show_table: "Tablo",
    hide_table: "Tabloyu gizle",
    table_date: "Tarih",
    table_reading: "Ölçüm",
    table_trend: "Eğilim",
    chart_reading: |date, reading, trend| format!("{date} · {reading} · eğilim {trend}"),

    bmi: "VKİ",
    bmi_class,
    bmi_group,
    bmi_what: "Bu nedir?",
    bmi_explained: &[
        "VKİ (vücut kitle indeksi), kilogram cinsinden ağırlığın metre cinsinden boyun karesine bölümüdür. Yetişkin toplulukları için yapılmış kaba bir ölçüdür; tek bir kişi için bir yargı değildir.",
        "Aralıklar, Dünya Sağlık Örgütü’nün 20 yaşından büyük yetişkinler için verdiği aralıklardır.",
        "Gebelikte, kas kütlesi çok olduğunda, ileri yaşta ya da bir uzuv kaybından sonra pek bir şey söylemez.",
    ],
    bmi_under_age: "20 yaşın altında VKİ yaşa ve cinsiyete göre okunur; bu yüzden yetişkin aralığı gösterilmez.",
    bmi_needs_height: "Boyunuzu girerseniz Tidemark VKİ değerinizi burada gösterir.",
    add_height: "Boy ekle",

    sheet_new: "Kilo ekle",
    sheet_edit: "Kaydı düzenle",
    weight: "Kilo",
    stones: "Stone",
    pounds: "Libre",
    less: |step| format!("{step} az"),
    more: |step| format!("{step} fazla"),
    change_unit: |unit| format!("Birim: {unit}. Değiştir"),
    last_and_trend: |last, day, trend| format!("Son: {last}, {day} · eğilim {trend}"),
    first_hint: "İlk kaydınız. Eğilim burada başlıyor.",
    time: "Zaman",
    note: "Not",
    add_note: "Not ekle",
    height: "Boy",
    inches: "İnç",
    height_why: "İsteğe bağlı, VKİ için. Bir kez sorulur.",
    saved_toast: "Bu cihaza kaydedildi.",
    deleted_toast: |weight| format!("Silindi: {weight}"),
    restored_toast: |weight| format!("Geri alındı: {weight}"),
    soft_question: |new, last| format!("{new} mı? Geçen sefer {last} idi."),
    soft_question_alone: |new| format!("{new} mı? Alışılmadık bir değer."),
    keep: |weight| format!("{weight} kalsın"),
    use_instead: |weight| format!("{weight} yaz"),

    error_empty_weight: "Kilonuzu yazın.",
    error_not_a_number: "Bu bir sayı değil. 78,2 gibi yazın.",
    error_negative: "Kilo sıfırdan küçük olamaz.",
    error_ambiguous: "Tek bir ondalık virgülü kullanın, 78,2 gibi.",
    error_decimals: |max| format!("Virgülden sonra en çok {max} hane."),
    error_pounds_fill_a_stone: "Stone yanındaki libre 14’ten küçük olmalı.",
    error_inches_fill_a_foot: "Fit yanındaki inç 12’den küçük olmalı.",
    error_weight_range: |low, high| format!("Kilo {low} ile {high} arasında olmalı."),
    error_height_range: |low, high| format!("Boy {low} ile {high} arasında olmalı."),
    error_time: "Gün ve saat seçin; gelecekte olamaz.",
    error_note_long: |max| format!("En çok {max} karakter."),
    error_note_character: "Notta saklanamayan bir karakter var.",
    error_name_long: |max| format!("En çok {max} karakter."),
    error_birth_date: "Geçmişte bir gün seçin.",

    fault_not_saved: "Tarayıcının deposu yanıt vermiyor. Tidemark denemeyi sürdürüyor.",
    fault_no_room: "Bu cihazda yer kalmadı. Biraz yer açın, Tidemark kendiliğinden kaydeder.",
    fault_newer_data: "Verileri Tidemark’ın daha yeni bir sürümü devraldı. Almak için sayfayı yenileyin. Hiçbir şey kaybolmadı.",
    fault_other_tab: "Eski sürüm başka bir sekmede açık. Onu kapatın, Tidemark kendiliğinden sürdürür.",
    fault_unreadable: "Saklanan verilerin bir kısmı okunamıyor. Oldukları gibi bırakıldılar.",
    try_again: "Yeniden dene",
    missing_part: "Tidemark’ın bir bölümü yüklenemedi, bu yüzden şimdilik kayıt eklenemiyor. Kayıtlarınızdan hiçbiri kaybolmadı.",
    not_saved_copied: |count| {
        let title = format!("{count} değişiklik henüz kaydedilmedi.");
        (title, "Bu tarayıcıda acil durum kopyası var. Tidemark onu, yeniden başlattıktan sonra bile, ilk fırsatta kaydeder.".to_owned())
    },
    not_saved_at_risk: |count| {
        let title = format!("{count} değişiklik henüz kaydedilmedi ve kopyası alınamadı.");
        (
            title,
            "Bu sayfayı açık tutun: yazdığınız yalnızca burada duruyor.".to_owned(),
        )
    },
    emergency_copy: "Acil durum kopyası",
    not_saved_yet: "Henüz kaydedilmedi",
    newer_version: (
        "Tidemark’ın daha yeni bir sürümü var",
        "Verilerinizi o sürüm devraldı, bu sayfa artık onları okuyamaz ve değiştiremez. Hiçbir şey kaybolmadı ve silinmedi. Yeni sürümle sürdürmek için sayfayı yenileyin. Bunu yine görürseniz Tidemark’ın bütün sekmelerini kapatıp yeniden açın.",
    ),

    history_title: "Geçmiş",
    month_average: |average, count| format!("ortalama {average} · {count} kayıt"),
    on_this_device: "Bu cihazda",
    not_accepted: "Kabul edilmedi",
    edit_entry: |entry| format!("Düzenle: {entry}"),
    delete_entry: |entry| format!("Sil: {entry}"),
    show_older: |count| format!("{count} kayıt daha göster"),
    history_empty: "Henüz kayıt yok. Ekledikleriniz burada ay ay görünür.",

    sync_title: "Eşitleme",
    sync_now: "Şimdi eşitle",
    waiting: "Bekleyenler",
    nothing_waiting: "Bu cihazda bekleyen bir şey yok.",
    waiting_reason,
    field_name,
    field_refused: |field| format!("{field} kabul edilmedi"),
    mend: "Düzelt",
    entry_profile: "Profil",
    entry_settings: "Ayarlar",
    entry_bulk: "İçe aktarılan kayıtlar",
    entry_deletion: "Silme",
    sync_log: "Günlük",
    sync_log_note: "Saatler ve sayılar; kilolar asla.",
    sync_log_empty: "Henüz eşitlenmedi.",
    log_trigger,
    log_outcome,
    seconds: |seconds| format!("{seconds}\u{a0}sn"),
    last_synced: |when| format!("Son eşitleme: {when}."),
    never_synced: "Henüz eşitlenmedi.",
    state_local: (
        "Kayıtlarınız bu cihazda saklı.",
        "Burada kalırlar. Siz istemeden bu cihazdan hiçbir şey çıkmaz.",
    ),
    state_pending: |count| {
        (
            format!("{count} kayıt yolda."),
            "Burada zaten kayıtlı.".to_owned(),
        )
    },
    state_syncing: "Eşitleniyor…",
    state_offline,
    no_network: "Cihazınız ağ olmadığını bildiriyor.",
    no_answer: "Sunucu yanıt vermiyor.",
    intercepted: "Sunucunun yerine başka bir şey yanıt veriyor: bu ağ önce oturum açmanızı istiyor olabilir.",
    state_synced: ("Her şey sunucuda.", "Yeni kayıtlar kaydettikçe gönderilir."),
    state_error,
    state_not_accepted: |count| {
        (
            format!("{count} kayıt kabul edilmedi."),
            "Hiçbir şey kaybolmadı. Aşağıda düzeltin; ötekilerin hepsi eşitlendi.".to_owned(),
        )
    },
    state_signed_out: (
        "Eşitlemek için yeniden giriş yapın.",
        "Hiçbir şey kaybolmadı. Kayıtlarınız burada güvende.",
    ),
    state_outdated: (
        "Tidemark’ın bu sürümü eşitlemek için çok eski.",
        "Yenisini almak için sayfayı yenileyin. Kayıtlarınız burada güvende.",
    ),
    state_storage: (
        "Tarayıcının deposu yanıt vermiyor.",
        "Biraz yer açın ya da tarayıcıyı yeniden başlatın. Kaydedildiği söylenen kayıtlar güvende.",
    ),

    settings_title: "Ayarlar",
    profile: "Profil",
    name: "Ad",
    gender: "Cinsiyet",
    gender_unset: "Belirtilmedi",
    gender_male: "Erkek",
    gender_female: "Kadın",
    gender_other: "Diğer",
    birth_date: "Doğum tarihi",
    saved: "Kaydedildi",
    this_app: "Bu uygulama",
    units: "Birimler",
    units_metric: "kg, cm",
    units_imperial: "lb, ft in",
    units_stone: "st lb, ft in",
    theme: "Tema",
    theme_system: "Sistem",
    theme_light: "Açık",
    theme_dark: "Koyu",
    language: "Dil",
    your_data: "Verileriniz",
    sync_and_log: "Eşitleme ve günlüğü",

    account: &account::ACCOUNT,

    exchange: &exchange::EXCHANGE,

    who_is: |name| format!("Hesabınızda birinin kayıtları zaten var. Bu cihazdaki {name} kim?"),
    same_as: |name| format!("{name} ile aynı kişi"),
    someone_new: "Yeni biri",

    goal: groups::GOAL,
    people: groups::PEOPLE,
    past: groups::PAST,
    device: groups::DEVICE,
    about: groups::ABOUT,
    sync: sync::SYNC,

    update_ready: "Yeni bir sürüm hazır.",
    update_apply: "Yenile",
    update_later: "Sonra",
};

fn month(date: NaiveDate) -> &'static str {
    super::nth_word(MONTHS, date.month0())
}

fn month_short(date: NaiveDate) -> &'static str {
    super::nth_word(MONTHS_SHORT, date.month0())
}

fn weekday(date: NaiveDate) -> &'static str {
    super::nth_word(WEEKDAYS, date.weekday().num_days_from_monday())
}

fn day_month(date: NaiveDate) -> String {
    format!("{} {}", date.day(), month_short(date))
}
