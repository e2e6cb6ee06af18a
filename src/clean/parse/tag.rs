//! Element names as small numbers, and what each means for cutting a page into blocks.

macro_rules! tags {
    ($($variant:ident = $name:literal),* $(,)?) => {
        /// An HTML element name; everything not listed is `Other`, custom elements are `Custom`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Tag { $($variant,)* Custom, Other }

        impl Tag {
            pub fn of(name: &str) -> Self {
                match name {
                    $($name => Self::$variant,)*
                    n if n.contains('-') => Self::Custom,
                    _ => Self::Other,
                }
            }
        }
    };
}

tags! {
    A = "a", Abbr = "abbr", Address = "address", Annotation = "annotation", Article = "article", Aside = "aside", Audio = "audio", B = "b",
    Base = "base",     Blockquote = "blockquote", Body = "body", Br = "br", Button = "button", Canvas = "canvas", Caption = "caption",
    Center = "center", Code = "code", Col = "col", Colgroup = "colgroup", Dd = "dd", Del = "del", Details = "details",
    Dialog = "dialog", Div = "div", Dl = "dl", Dt = "dt", Em = "em", Fieldset = "fieldset", Figcaption = "figcaption",
    Figure = "figure", Font = "font", Footer = "footer", Form = "form", Frameset = "frameset", H1 = "h1", H2 = "h2",
    H3 = "h3", H4 = "h4", H5 = "h5", H6 = "h6", Head = "head", Header = "header", Hgroup = "hgroup", Hr = "hr",
    Html = "html", I = "i", Iframe = "iframe", Img = "img", Input = "input", Ins = "ins", Kbd = "kbd", Label = "label",
    Legend = "legend", Li = "li", Link = "link", Main = "main", Mark = "mark", Math = "math", MathJax = "mjx-container", Menu = "menu",
    Meta = "meta", Nav = "nav", Noframes = "noframes", Noscript = "noscript", Object = "object", Ol = "ol",
    Optgroup = "optgroup", Option = "option", P = "p", Picture = "picture", Pre = "pre", Q = "q", Rp = "rp", Rt = "rt",
    Ruby = "ruby", S = "s", Samp = "samp", Script = "script", Search = "search", Section = "section", Select = "select",
    Small = "small", Source = "source", Span = "span", Strike = "strike", Strong = "strong", Style = "style", Sub = "sub",
    Summary = "summary", Sup = "sup", Svg = "svg", Table = "table", Tbody = "tbody", Td = "td", Template = "template",
    Textarea = "textarea", Tfoot = "tfoot", Th = "th", Thead = "thead", Time = "time", Title = "title", Tr = "tr",
    Tt = "tt", U = "u", Ul = "ul", Video = "video", Wbr = "wbr",
}

impl Tag {
    /// Does it begin and end a block?
    pub fn is_block(self) -> bool {
        use Tag::{
            Address, Article, Aside, Blockquote, Body, Button, Caption, Center, Custom, Dd, Details, Dialog,
            Div, Dl, Dt, Fieldset, Figcaption, Figure, Footer, Form, H1, H2, H3, H4, H5, H6, Header, Hgroup,
            Hr, Html, Legend, Li, Main, Menu, Nav, Noscript, Ol, P, Pre, Search, Section, Summary, Table,
            Tbody, Td, Tfoot, Th, Thead, Tr, Ul,
        };
        matches!(
            self,
            Address
                | Article
                | Aside
                | Blockquote
                | Body
                | Button
                | Caption
                | Center
                | Custom
                | Dd
                | Details
                | Dialog
                | Div
                | Dl
                | Dt
                | Fieldset
                | Figcaption
                | Figure
                | Footer
                | Form
                | H1
                | H2
                | H3
                | H4
                | H5
                | H6
                | Header
                | Hgroup
                | Hr
                | Html
                | Legend
                | Li
                | Main
                | Menu
                | Nav
                | Noscript
                | Ol
                | P
                | Pre
                | Search
                | Section
                | Summary
                | Table
                | Tbody
                | Td
                | Tfoot
                | Th
                | Thead
                | Tr
                | Ul
        )
    }

    /// Is nothing below it text of the page?
    pub fn is_skipped(self) -> bool {
        use Tag::{
            Audio, Canvas, Frameset, Head, Iframe, Math, Noframes, Object, Rp, Rt, Script, Select, Style,
            Svg, Template, Textarea, Title, Video,
        };
        matches!(
            self,
            Audio
                | Canvas
                | Frameset
                | Head
                | Iframe
                | Math
                | Noframes
                | Object
                | Rp
                | Rt
                | Script
                | Select
                | Style
                | Svg
                | Template
                | Textarea
                | Title
                | Video
        )
    }

    /// 1 to 6 for a heading.
    pub fn heading(self) -> Option<u8> {
        Some(match self {
            Self::H1 => 1,
            Self::H2 => 2,
            Self::H3 => 3,
            Self::H4 => 4,
            Self::H5 => 5,
            Self::H6 => 6,
            _ => return None,
        })
    }
}
