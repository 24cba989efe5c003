//! Turkish words about accounts.

use crate::i18n::account::AccountTexts;

pub const ACCOUNT: AccountTexts = AccountTexts {
    title: "Hesap",
    off: (
        "Hesap gerekmez.",
        "Bu sunucuda hesaplar kapalı. Kayıtlarınız kendiliğinden eşitlenir; sunucuya ulaşan herkes onları paylaşır.",
    ),
    unknown: (
        "Kayıtlarınız yalnızca bu cihazda.",
        "Sunucu henüz yanıt vermedi; hesap sunup sunmadığı bilinmiyor. Kayıt eklemek için hesap gerekmez: ekledikleriniz bu cihaza kaydedilir ve internet olmadan çalışır.",
    ),
    local: (
        "Kayıtlarınız yalnızca bu cihazda.",
        "Hesapla birlikte sunucuda ve giriş yaptığınız her cihazda da olurlar. Kayıt eklemek için hesap gerekmez.",
    ),
    signed_in: |email| {
        (
            if email.is_empty() {
                "Giriş yaptınız.".to_owned()
            } else {
                format!("{email} olarak giriş yapıldı.")
            },
            "Burada eklediğiniz her şey bu hesabın bütün cihazlarıyla eşitlenir.".to_owned(),
        )
    },
    again: (
        "Eşitlemek için yeniden giriş yapın. Hiçbir şey kaybolmadı.",
        "Sunucu bu cihazı artık tanımıyor. Kayıt eklemeyi sürdürebilirsiniz; bekleyenler giriş yaptığınızda gönderilir.",
    ),
    somebody_else: (
        "Bu tarayıcıda başka biri giriş yapmış.",
        "Bu kayıtlar kendi hesabını bekler ve başka hiçbir hesaba gitmez. Eşitlemek için o hesapla giriş yapın.",
    ),
    erased: (
        "Bu hesap silindi.",
        "Sunucuda ondan hiçbir şey kalmadı. Bu cihazdakiler hâlâ burada; ne olacaklarını siz söyleyin.",
    ),
    forgot: "Parolanızı mı unuttunuz?",
    back: "Girişe dön",
    sign_in: "Giriş yap",
    sign_up: "Hesap aç",
    recover: "Kurtar",
    email: "E-posta",
    password: "Parola",
    new_password: "Yeni parola",
    password_hint: "En az 10 karakter.",
    code: "Kurtarma kodu",
    recover_hint: "Hesabı açarken not ettiğiniz kodla. Öteki bütün cihazların oturumu kapanır ve size yeni bir kod verilir.",
    adopts: |entries| format!("Bu cihazdaki {entries} kayıt hesabın parçası olur."),
    code_title: "Kurtarma kodunuzu not edin",
    code_why: "Parolayı unutursanız hesabınıza dönmenin tek yolu budur. Bir kez gösterilir: şimdi.",
    copy: "Kopyala",
    code_noted: "Not ettim",
    sign_out: "Çıkış yap",
    sign_out_why: |unsent| {
        if unsent == 0 {
            "Her şey eşitlendi. Kayıtlarınız ekrandan kalkar; yeniden giriş yapana kadar yalnızca bu hesap için bu cihazda kalır.".to_owned()
        } else {
            format!(
                "{unsent} kayıt henüz eşitlenmedi. Yalnızca bu hesap için bu cihazda kalır ve burada yeniden giriş yaptığınızda gönderilir."
            )
        }
    },
    devices: "Cihazlar",
    this_device: "Bu cihaz",
    unnamed_device: "Adsız bir cihaz",
    last_seen: |when| format!("son görülme: {when}"),
    sign_device_out: |name| format!("Oturumu kapat: {name}"),
    devices_unknown: "Sunucuya ulaşıldığında liste gösterilir.",
    delete: "Hesabı sil",
    delete_why: "Sunucu, hesabı ve ona ait her şeyi kalıcı olarak siler. Bütün cihazların oturumu kapanır. Bu cihazdakiler hesapsız olarak burada kalabilir ya da onlar da silinir.",
    delete_keep: "Hesabı sil, buradaki kayıtları tut",
    delete_all: "Hesabı ve buradaki kayıtları sil",
    keep_here: "Hesapsız olarak burada tut",
    delete_here: "Bu cihazdan sil",
    unreachable: "Sunucuya ulaşılamıyor. Hiçbir şey değişmedi; ağ olduğunda yeniden deneyin.",
    bad_credentials: "E-posta ile parola uyuşmuyor.",
    bad_code: "E-posta ile kurtarma kodu uyuşmuyor.",
    email_taken: "Bu e-postanın zaten bir hesabı var. Onunla giriş yapın.",
    weak_password: "Çok kısa ya da çok yaygın. En az 10 karakter, en iyisi birkaç kelime.",
    bad_email: "Bu bir e-posta adresi değil.",
    bad_field: "Sunucu bunu bu hâliyle alamıyor.",
    too_often: |minutes| {
        minutes.map_or_else(
            || "Çok fazla deneme. Daha sonra yeniden deneyin.".to_owned(),
            |minutes| format!("Çok fazla deneme. {minutes} dakika sonra yeniden deneyin."),
        )
    },
    trouble: "Sunucuda bir sorun var. Hiçbir şey değişmedi; bir süre sonra yeniden deneyin.",
    storage: "Bu cihazın deposu yanıt vermiyor. Hiçbir şey değişmedi; yeniden deneyin.",
};
