//! The used part of Bazel's query messages (`src/main/protobuf/build.proto`; equal numbers in versions 6 to 9). Texts
//! are bytes, because Bazel up to 7 encodes names outside of ASCII specially, and invalid UTF-8 must not lose the whole
//! answer.

use prost::Message;

#[derive(Clone, PartialEq, Message)]
pub(super) struct Target {
    /// A number of `kind`.
    #[prost(int32, optional, tag = "1")]
    pub kind: Option<i32>,
    #[prost(message, optional, tag = "2")]
    pub rule: Option<Rule>,
    #[prost(message, optional, tag = "3")]
    pub source_file: Option<SourceFile>,
    #[prost(message, optional, tag = "5")]
    pub package_group: Option<PackageGroup>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Rule {
    #[prost(bytes = "vec", optional, tag = "1")]
    pub name: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "2")]
    pub rule_class: Option<Vec<u8>>,
    /// `pkg/BUILD:12:5`.
    #[prost(bytes = "vec", optional, tag = "3")]
    pub location: Option<Vec<u8>>,
    #[prost(message, repeated, tag = "4")]
    pub attribute: Vec<Attribute>,
    /// Dependencies, after `--noimplicit_deps` and `--notool_deps`.
    #[prost(bytes = "vec", repeated, tag = "5")]
    pub rule_input: Vec<Vec<u8>>,
    #[prost(bytes = "vec", repeated, tag = "6")]
    pub rule_output: Vec<Vec<u8>>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct SourceFile {
    #[prost(bytes = "vec", optional, tag = "1")]
    pub name: Option<Vec<u8>>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct PackageGroup {
    #[prost(bytes = "vec", optional, tag = "1")]
    pub name: Option<Vec<u8>>,
    #[prost(bytes = "vec", repeated, tag = "3")]
    pub included_package_group: Vec<Vec<u8>>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Attribute {
    #[prost(bytes = "vec", optional, tag = "1")]
    pub name: Option<Vec<u8>>,
    /// A number of [`attribute_type`].
    #[prost(int32, optional, tag = "2")]
    pub value_type: Option<i32>,
    #[prost(int32, optional, tag = "3")]
    pub int_value: Option<i32>,
    #[prost(bytes = "vec", optional, tag = "5")]
    pub string_value: Option<Vec<u8>>,
    #[prost(bytes = "vec", repeated, tag = "6")]
    pub string_list_value: Vec<Vec<u8>>,
    #[prost(message, repeated, tag = "8")]
    pub string_dict_value: Vec<Entry>,
    #[prost(message, repeated, tag = "10")]
    pub label_list_dict_value: Vec<ListEntry>,
    #[prost(message, repeated, tag = "11")]
    pub string_list_dict_value: Vec<ListEntry>,
    #[prost(bool, optional, tag = "13")]
    pub explicitly_specified: Option<bool>,
    #[prost(bool, optional, tag = "14")]
    pub boolean_value: Option<bool>,
    #[prost(int32, repeated, packed = "false", tag = "17")]
    pub int_list_value: Vec<i32>,
    #[prost(message, repeated, tag = "19")]
    pub label_dict_unary_value: Vec<Entry>,
    /// Its labels are no dependencies, as in `visibility`.
    #[prost(bool, optional, tag = "20")]
    pub nodep: Option<bool>,
    #[prost(message, optional, tag = "21")]
    pub selector_list: Option<SelectorList>,
    #[prost(message, repeated, tag = "22")]
    pub label_keyed_string_dict_value: Vec<Entry>,
}

/// `a + select({...}) + ...`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct SelectorList {
    #[prost(int32, optional, tag = "1")]
    pub value_type: Option<i32>,
    #[prost(message, repeated, tag = "2")]
    pub elements: Vec<Selector>,
}

/// A `select`; an unconditional value has only the default condition.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Selector {
    #[prost(message, repeated, tag = "1")]
    pub entries: Vec<SelectorEntry>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct SelectorEntry {
    #[prost(bytes = "vec", optional, tag = "1")]
    pub label: Option<Vec<u8>>,
    #[prost(int32, optional, tag = "2")]
    pub int_value: Option<i32>,
    #[prost(bytes = "vec", optional, tag = "3")]
    pub string_value: Option<Vec<u8>>,
    #[prost(bool, optional, tag = "4")]
    pub boolean_value: Option<bool>,
    #[prost(bytes = "vec", repeated, tag = "6")]
    pub string_list_value: Vec<Vec<u8>>,
    #[prost(message, repeated, tag = "8")]
    pub string_dict_value: Vec<Entry>,
    #[prost(message, repeated, tag = "10")]
    pub label_list_dict_value: Vec<ListEntry>,
    #[prost(message, repeated, tag = "11")]
    pub string_list_dict_value: Vec<ListEntry>,
    #[prost(int32, repeated, packed = "false", tag = "12")]
    pub int_list_value: Vec<i32>,
    #[prost(message, repeated, tag = "15")]
    pub label_dict_unary_value: Vec<Entry>,
    #[prost(message, repeated, tag = "17")]
    pub label_keyed_string_dict_value: Vec<Entry>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Entry {
    #[prost(bytes = "vec", optional, tag = "1")]
    pub key: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "2")]
    pub value: Option<Vec<u8>>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ListEntry {
    #[prost(bytes = "vec", optional, tag = "1")]
    pub key: Option<Vec<u8>>,
    #[prost(bytes = "vec", repeated, tag = "2")]
    pub value: Vec<Vec<u8>>,
}

/// `Attribute.Discriminator`.
pub(super) mod attribute_type {
    pub const INTEGER: i32 = 1;
    pub const STRING: i32 = 2;
    pub const LABEL: i32 = 3;
    pub const OUTPUT: i32 = 4;
    pub const STRING_LIST: i32 = 5;
    pub const LABEL_LIST: i32 = 6;
    pub const DISTRIBUTION_SET: i32 = 8;
    pub const STRING_DICT: i32 = 10;
    pub const LABEL_LIST_DICT: i32 = 12;
    pub const STRING_LIST_DICT: i32 = 13;
    pub const BOOLEAN: i32 = 14;
    pub const TRISTATE: i32 = 15;
    pub const INTEGER_LIST: i32 = 16;
    pub const LABEL_DICT_UNARY: i32 = 19;
    pub const SELECTOR_LIST: i32 = 20;
    pub const LABEL_KEYED_STRING_DICT: i32 = 21;
}
