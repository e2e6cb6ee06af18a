//! stub
use crate::clean::block::Block;
use crate::clean::parse::Tree;
use crate::record::Kind;
use url::Url;
pub fn find(_tree: Option<&Tree>, _blocks: &[Block], _url: Option<&Url>) -> Kind {
    Kind::Article
}
