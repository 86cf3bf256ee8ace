//! A word of success on the page after a press: the address says which, and the next page shows
//! it once it is opened. Words of our own only; nothing of the address is repeated.

use actix_web::HttpRequest;
use actix_web::http::Method;

use crate::domain::words::words;
use crate::web::form::query;
use crate::web::see_other;

words! {
    /// What was just done.
    pub enum Done {
        Code = "code" => "The code was right. You can go on here.",
        LastYear = "last-year" => "The code was right. What you answered last time stands beside each question from here on.",
        Files = "files" => "Your files are kept under the answer.",
        NoticeFiles = "notice-files" => "Your files are kept with the notice. Nothing is sent before you sign.",
        FileOff = "file-off" => "The file was taken off.",
        Asked = "asked" => "The e-mail to your colleague is on its way.",
        AskedAgain = "asked-again" => "The e-mail is on its way once more.",
        TakenBack = "taken-back" => "Taken back. The link has ended.",
        Workbook = "workbook" => "The answers of your workbook are saved.",
    }
}

impl Done {
    /// The words over a page that was opened; one that a form came to has its own.
    pub fn words(request: &HttpRequest) -> Option<&'static str> {
        Self::said(request, "")
    }

    /// The words beside one question of such a page.
    pub fn beside(request: &HttpRequest, slug: &str) -> Option<&'static str> {
        Self::said(request, slug)
    }

    fn said(request: &HttpRequest, of: &str) -> Option<&'static str> {
        let query = query(request);
        let done = query.text("done").parse::<Done>().ok();
        done.filter(|_| request.method() != Method::POST && query.text("of") == of).map(Done::says)
    }

    /// The address of a question, beside which it says it: whoever is led there is at its place.
    pub fn at_question(self, address: &str, slug: &str) -> String {
        self.at(address).replacen("done=", &format!("of={slug}&done="), 1)
    }

    /// An address that says it.
    pub fn at(self, address: &str) -> String {
        let (path, fragment) = address.split_once('#').map_or((address, None), |(path, at)| (path, Some(at)));
        let mark = if path.contains('?') { '&' } else { '?' };
        let fragment = fragment.map(|at| format!("#{at}")).unwrap_or_default();
        format!("{path}{mark}done={}{fragment}", self.key())
    }

    /// Sends the browser on to where it is said.
    pub fn lead(self, address: &str) -> actix_web::HttpResponse {
        see_other(&self.at(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_stands_before_the_place_on_the_page() {
        assert_eq!(Done::Code.at("/respond"), "/respond?done=code");
        assert_eq!(
            Done::Files.at_question("/respond/people?back=check#adm.one", "adm.one"),
            "/respond/people?back=check&of=adm.one&done=files#adm.one"
        );
    }
}
