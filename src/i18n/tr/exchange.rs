//! Turkish for files in and out.

use crate::i18n::exchange::ExchangeTexts;
use tidemark_exchange::message::{Column, Problem, Refusal};

/// The Turkish texts.
pub static EXCHANGE: ExchangeTexts = ExchangeTexts {
    title: "Verileriniz",
    import_title: "Kayıtları içe aktar",
    import_hint: "openScale, Libra, Withings, Fitbit, Garmin, Apple Sağlık, BodyMetrics, herhangi bir tablo (CSV) ya da Tidemark yedeği. Dosya bu cihazda okunur.",
    choose_file: "Dosya seç",
    reading: "Okunuyor",
    nothing_written: "Siz onaylamadan hiçbir şey eklenmez.",
    megabytes: |done, total| format!("{done} / {total} MB"),
    adding: "Kayıtlar ekleniyor",
    undoing: "Geri alınıyor",
    keep_using: "Bu sırada uygulamayı kullanabilirsiniz. Tek bir geri alma hepsini geri alır.",

    ask_columns: "Hangi sütunda ne var?",
    ask_columns_hint: "Tarih ve kilo gerekli, kalanı dışarıda bırakılabilir.",
    column_number: |number| format!("{number}. sütun"),
    column,
    ask_date_order: "Tarihte önce ne geliyor?",
    day_first: "Gün",
    month_first: "Ay",
    ask_unit: "Kilolar hangi birimde?",
    kilograms: "Kilogram",
    go_on: "Devam",

    new_entries: |_| "yeni kayıt",
    span: |from, to| format!("{from} – {to}"),
    lines: |_, count| format!("{count} satır"),
    count_new: "Yeni",
    count_newer: "Buradakinden yeni",
    count_known: "Zaten burada",
    count_deleted: "Burada silinmiş",
    count_twice: "Dosyada iki kez",
    count_without: "Kilosu yok",
    count_refused: "Okunamıyor",
    refusal,
    save_refused: "Bu satırları kaydet",
    values_left_out: "Doğru olamayacağı için dışarıda bırakılan boy ya da VKİ",
    notes_cut: "500 karaktere kısaltılan not",
    may_lack_newest: "En yeni kayıtlar okunamayan ikinci bir dosyada (-wal) olabilir. Dosyayı yazan uygulamayı kapatın, yeniden dışa aktarın ve karşılaştırın.",
    first_and_last: "İlk ve son",
    read_as: |unit| format!("Kilolar {} olarak okundu.", unit.to_lowercase()),
    columns_guessed: "Sütunlar adlarından tanındı.",
    change: "Değiştir",
    whose: "Bu kayıtlar kimin?",
    whose_is: |name, _, count| match name {
        Some(name) => format!("{name}: {count} kayıt"),
        None => format!("{count} kayıt"),
    },
    somebody_new: "Yeni biri",
    bring_back: "Silinmiş kayıtları geri getir",
    add: |_, count| format!("{count} kaydı ekle"),
    nothing_new: "Bu dosyada yeni bir şey yok.",
    back: "Geri",

    taken: |number, count| {
        if number == 0 {
            "Yeni bir şey yoktu. Hiçbir şey eklenmedi.".to_owned()
        } else {
            format!("{count} kayıt eklendi. Bu cihaza kaydedildi.")
        }
    },
    undone: |_, count| format!("{count} kayıt geri alındı."),
    cancelled: "İptal edildi. Hiçbir şey eklenmedi.",
    exported: |file| format!("{file} olarak kaydedildi."),
    problem,

    past_title: "Geri alınabilen içe aktarmalar",
    past_line: |_, count, when| format!("{when} · {count} kayıt"),
    undo_import: "Geri al",

    out_title: "Kayıtları dışa aktar",
    csv: "Tablo (CSV)",
    csv_hint: |name| match name {
        Some(name) => format!("{name}: kayıtlar, hesap tabloları ve başka uygulamalar için"),
        None => "Kayıtlarınız, hesap tabloları ve başka uygulamalar için".to_owned(),
    },
    backup: "Yedek",
    backup_hint: "Herkes, her kayıt ve ayar. Her Tidemark geri alabilir.",
    report: "Rapor",
    report_hint: "Grafik ve aylar, yazdırmak ya da PDF olarak kaydetmek için",
    settings_row: "İçe ve dışa aktarma",

    report_of: |name| name.map_or_else(|| "Kilonuz".to_owned(), |name| format!("{name}: kilo")),
    report_made: |date| format!("Hazırlandığı gün: {date}"),
    print: "Yazdır ya da PDF olarak kaydet",
    months: "Ay ay",
    month: "Ay",
    entries: "Kayıt",
    average: "Ortalama",
    lowest: "En düşük",
    highest: "En yüksek",
    report_empty: "Henüz kayıt yok, bu yüzden rapor da yok.",
};

fn column(column: Column) -> &'static str {
    match column {
        Column::Ignored => "Dışarıda bırak",
        Column::DateTime => "Tarih ve saat",
        Column::Date => "Tarih",
        Column::Time => "Saat",
        Column::Weight => "Kilo",
        Column::Height => "Boy",
        Column::Bmi => "VKİ",
        Column::Note => "Not",
        Column::Recognised => "Tanındığı gibi",
    }
}

fn refusal(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::DateMissing => "Tarih yok",
        Refusal::DateUnreadable => "Tarih ya da saat okunamıyor",
        Refusal::DateOutOfRange => "Tarih 1900’den önce ya da 9999’dan sonra",
        Refusal::WeightUnreadable => "Kilo okunamıyor",
        Refusal::WeightOutOfRange => "Kilo 2 ile 650 kg arasında değil",
        Refusal::TooManyColumns => "Tablodakinden çok sütun var",
        Refusal::UnclosedQuote => "Bir tırnak kapanmamış",
        Refusal::TooLong => "Satır çok uzun",
        Refusal::Malformed => "Eksik",
    }
}

fn problem(problem: Problem) -> &'static str {
    match problem {
        Problem::Empty => "Dosya boş.",
        Problem::UnknownFormat => {
            "Bu dosya içe aktarılamıyor. Bir kilo uygulamasının dışa aktardığı dosyayı ya da bir tablo (CSV) seçin."
        }
        Problem::Utf16 => "Bu metin UTF-16. UTF-8 CSV olarak kaydedip yeniden deneyin.",
        Problem::CutShort => "Dosya yarıda bitiyor. Yeniden indirin ya da kopyalayın.",
        Problem::Damaged => {
            "Dosya bozuk. Hiçbir şey eklenmedi. Yeniden dışa aktarıp bir daha deneyin."
        }
        Problem::TooLarge => "Dosya türüne göre çok büyük. Hiçbir şey eklenmedi.",
        Problem::UnsupportedZip => "Bu tür zip okunamıyor. Açıp içindeki dosyayı seçin.",
        Problem::NothingInZip => "Bu zip içinde içe aktarılabilecek dosya yok.",
        Problem::NotBodyMetrics => "Bu veritabanı BodyMetrics’e ait değil.",
        Problem::NewerBackup => {
            "Bu yedek daha yeni bir Tidemark ile yapılmış. Güncellemek için sayfayı yenileyip yeniden deneyin."
        }
        Problem::FileGone => "Dosya artık okunamıyor. Yeniden seçin.",
        Problem::Broken => {
            "Uygulamanın bu bölümü açılmadı. Kayıtlarınız olduğu gibi. Sayfayı yenileyip yeniden deneyin."
        }
        Problem::NotSaved => {
            "Tarayıcının deposu yanıt vermiyor. Kaydedilenler aşağıda geri alınabilir. Yeniden deneyin."
        }
        Problem::NoRoom => "Bu cihazda yer kalmadı. Yer açıp yeniden deneyin.",
        Problem::NewerData => {
            "Bu veriyi daha yeni bir Tidemark yazmış. Almak için sayfayı yenileyin."
        }
        Problem::OtherTab => "Başka bir sekmede eski bir sürüm açık. Kapatıp yeniden deneyin.",
        Problem::Unreadable => "Kayıtlı bazı veriler okunamıyor. Olduğu gibi bırakıldı.",
    }
}
