//! Pages and letters as handlebars templates, built in and strict: a word that a context
//! does not have is a fault, never a blank.

use handlebars::{Handlebars, RenderError};
use rust_embed::RustEmbed;
use serde::Serialize;

#[derive(RustEmbed)]
#[folder = "templates/"]
#[include = "*.hbs"]
struct Files;

/// What a template is given. Each context knows its template and has samples, and one test
/// renders every template with every sample.
pub trait Context: Serialize + Sized {
    /// The template's path without ending: `pages/dashboard`.
    const TEMPLATE: &'static str;

    /// Ordinary, empty, longest and hostile.
    fn samples() -> Vec<Self>;
}

/// The registry of all templates.
pub struct Templates(Handlebars<'static>);

/// Why the templates cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("template {name}: {problem}")]
pub struct TemplateError {
    pub name: String,
    pub problem: String,
}

impl Templates {
    /// Reads the built-in templates.
    ///
    /// # Errors
    /// The first template that is not well formed.
    pub fn built_in() -> Result<Self, TemplateError> {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        registry.register_escape_fn(handlebars::html_escape);
        for file in Files::iter() {
            let name = file.trim_end_matches(".hbs").to_owned();
            let text =
                Files::get(&file).map(|read| String::from_utf8_lossy(&read.data).into_owned()).unwrap_or_default();
            registry
                .register_template_string(&name, text)
                .map_err(|error| TemplateError { name, problem: error.to_string() })?;
        }
        Ok(Self(registry))
    }

    /// Renders a page or the HTML part of a letter; everything in it is escaped.
    ///
    /// # Errors
    /// A word that the context lacks.
    pub fn render(&self, name: &str, context: &impl Serialize) -> Result<String, RenderError> {
        self.0.render(name, context)
    }

    /// The names of all templates.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.0.get_templates().keys().cloned().collect();
        names.sort();
        names
    }
}

/// The registry of a letter's plain-text parts: nothing in them is markup.
pub struct PlainTemplates(Templates);

impl PlainTemplates {
    /// The same templates, without parsing them again.
    pub fn of(templates: &Templates) -> Self {
        let mut registry = templates.0.clone();
        registry.register_escape_fn(handlebars::no_escape);
        Self(Templates(registry))
    }

    /// # Errors
    /// A word that the context lacks.
    pub fn render(&self, name: &str, context: &impl Serialize) -> Result<String, RenderError> {
        self.0.render(name, context)
    }
}
