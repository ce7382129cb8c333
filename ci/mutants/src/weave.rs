//! All mutants of a file at once, each behind a switch.
//!
//! Nothing of the file is taken out: before and after what a mutant changes something is put in, so
//! that the changed code runs if the mutant is on and the file's own if it is not. Only one is on at a
//! time, so the changed code has no switches in it. It is a copy of the text, with the operator
//! exchanged, the field left out, and so on.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr};

use crate::mutant::{Genre, Lines, Mutant};

/// A file with its mutants.
#[derive(Debug)]
pub(crate) struct Woven {
    /// What the file says now.
    pub(crate) text: String,
    /// The code of mutants, as bytes of the text, with their numbers. Some are inside others.
    pub(crate) branches: Vec<(Range<usize>, u32)>,
    /// The code around mutants, with their numbers, where it was put between something.
    pub(crate) around: Vec<(Range<usize>, u32)>,
    /// Those that are not in it, and why.
    pub(crate) left_out: Vec<(u32, Reason)>,
}

/// Why a mutant is not in the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reason {
    /// It is evaluated by the compiler, which knows no switches.
    Constant,
    /// It is in code that runs only with a deliberate break.
    Deviation,
    /// It is in a condition that binds names.
    LetChain,
    /// It is nothing that this tool finds in the file.
    Unknown,
    /// It has a type that only the function's own code has.
    Opaque,
    /// It is not about the protocol.
    Elsewhere,
    /// It does not compile.
    Unviable,
    /// What is around it does not compile with a switch.
    Unswitchable,
}

impl Reason {
    /// For people and results.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Deviation => "deviation",
            Self::LetChain => "let chain",
            Self::Unknown => "unknown",
            Self::Opaque => "opaque type",
            Self::Elsewhere => "elsewhere",
            Self::Unviable => "unviable",
            Self::Unswitchable => "unswitchable",
        }
    }
}

/// The call that asks whether a mutant is on.
fn switch(number: u32) -> String {
    format!("crate::mutant::on({number})")
}

/// Puts mutants, with their numbers, into the text of their file.
///
/// # Errors
/// The text is no Rust.
pub(crate) fn weave(text: &str, mutants: &[(u32, &Mutant)]) -> syn::Result<Woven> {
    let file = syn::parse_file(text)?;
    let sites = Sites::of(&file);
    let lines = Lines::of(text);
    let mut edits = Vec::new();
    let mut left_out = Vec::new();
    let mut wraps: HashMap<(usize, usize), Wrap> = HashMap::new();
    for (number, mutant) in mutants {
        let start = lines.byte(mutant.span.start).unwrap_or(usize::MAX);
        let Some(site) = sites.found.get(&(mutant.genre.into(), start)) else {
            left_out.push((*number, Reason::Unknown));
            continue;
        };
        let never = site.asks && mutant.replacement == "false";
        if let Some(reason) = site.unfit.or(never.then_some(Reason::Deviation)) {
            left_out.push((*number, reason));
            continue;
        }
        match site.place.clone() {
            Place::Body(at) => {
                let value = &mutant.replacement;
                let edit = Edit::before(at, *number, format!("return {value};"));
                edits.push(edit);
            }
            Place::Arm(at) => {
                let text = format!("if !{} ", switch(*number));
                edits.push(Edit { at, order: Order::Arm, text, branch: None });
            }
            Place::Around(whole, pieces) => {
                let code = changed(text, mutant, &whole, &pieces);
                let key = (whole.start, whole.end);
                wraps
                    .entry(key)
                    .or_insert(Wrap { whole, branches: Vec::new() })
                    .branches
                    .push((*number, code));
            }
        }
    }
    edits.extend(wraps.into_values().flat_map(Wrap::edits));
    Ok(applied(text, edits, left_out))
}

/// What runs if a mutant is on.
fn changed(text: &str, mutant: &Mutant, whole: &Range<usize>, pieces: &[Range<usize>]) -> String {
    match (mutant.genre, pieces) {
        (Genre::BinaryOperator, [left, right]) => {
            let (left, right) = (&text[left.clone()], &text[right.clone()]);
            match mutant.replacement.ends_with('=')
                && !matches!(&*mutant.replacement, "==" | "!=" | "<=" | ">=")
            {
                // What is assigned to must not be in parentheses if it is a dereference of a block.
                true => format!("{left} {} ({right})", mutant.replacement),
                false => format!("({left}) {} ({right})", mutant.replacement),
            }
        }
        (Genre::UnaryOperator, [operand]) => text[operand.clone()].to_owned(),
        (Genre::StructField, [field]) => {
            let (before, after) = (&text[whole.start..field.start], &text[field.end..whole.end]);
            format!("{before}{after}")
        }
        _ => mutant.replacement.clone(),
    }
}

/// Code that one or more mutants change.
struct Wrap {
    whole: Range<usize>,
    branches: Vec<(u32, String)>,
}

impl Wrap {
    fn edits(self) -> Vec<Edit> {
        let Self { whole, branches } = self;
        let length = whole.len();
        let mut edits = Vec::new();
        for (index, (number, code)) in branches.into_iter().enumerate() {
            let head = format!("{}if {} {{ ", if index == 0 { "(" } else { "" }, switch(number));
            let inner = head.len()..head.len() + code.len();
            let text = format!("{head}{code} }} else ");
            let order = Order::Open { inverse_length: usize::MAX - length, index };
            edits.push(Edit {
                at: whole.start,
                order,
                text,
                branch: Some((inner, number, whole.end)),
            });
        }
        let order = Order::Open { inverse_length: usize::MAX - length, index: usize::MAX };
        edits.push(Edit { at: whole.start, order, text: "{ (".into(), branch: None });
        edits.push(Edit {
            at: whole.end,
            order: Order::Close { length },
            text: ") })".into(),
            branch: None,
        });
        edits
    }
}

/// Text that is put in.
struct Edit {
    at: usize,
    order: Order,
    text: String,
    /// Where in it the code of a mutant is, its number, and where in the file ends what it replaces.
    branch: Option<(Range<usize>, u32, usize)>,
}

impl Edit {
    fn before(at: usize, number: u32, code: String) -> Self {
        let head = format!("if {} {{ ", switch(number));
        let inner = head.len()..head.len() + code.len();
        let text = format!("{head}{code} }} ");
        Self { at, order: Order::Body { number }, text, branch: Some((inner, number, at)) }
    }
}

/// What comes first of what is put in at one place: ends of what is inside others, then what stands
/// between, then beginnings, the longest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Close { length: usize },
    Arm,
    Body { number: u32 },
    Open { inverse_length: usize, index: usize },
}

fn applied(text: &str, mut edits: Vec<Edit>, left_out: Vec<(u32, Reason)>) -> Woven {
    edits.sort_by_key(|edit| (edit.at, edit.order));
    let mut out = String::with_capacity(text.len() * 2);
    let (mut branches, mut around) = (Vec::new(), Vec::new());
    let mut open: Vec<(usize, u32, usize)> = Vec::new();
    let mut done = 0;
    for edit in edits {
        out.push_str(&text[done..edit.at]);
        done = edit.at;
        if let Some((inner, number, end)) = edit.branch {
            branches.push((out.len() + inner.start..out.len() + inner.end, number));
            open.push((out.len(), number, end));
        }
        if let Order::Close { .. } = edit.order {
            let end = out.len() + edit.text.len();
            let (closed, rest): (Vec<_>, Vec<_>) =
                open.into_iter().partition(|(_, _, to)| *to == edit.at);
            open = rest;
            around.extend(closed.into_iter().map(|(start, number, _)| (start..end, number)));
        }
        out.push_str(&edit.text);
    }
    out.push_str(&text[done..]);
    Woven { text: out, branches, around, left_out }
}

/// Where something can be put in.
#[derive(Clone, Debug)]
enum Place {
    /// Before the first statement of a function.
    Body(usize),
    /// Before the arrow of an arm.
    Arm(usize),
    /// Around code, of which these pieces are used.
    Around(Range<usize>, Vec<Range<usize>>),
}

#[derive(Clone, Debug)]
struct Site {
    place: Place,
    unfit: Option<Reason>,
    /// Whether it is a guard that is false as long as no break is chosen.
    asks: bool,
}

/// A name that code makes use of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Use {
    /// What is used.
    pub(crate) name: String,
    /// The function that uses it, if it is in one.
    pub(crate) within: Option<String>,
    /// Whether that runs only with a deliberate break.
    pub(crate) in_break: bool,
}

/// The names that a file makes use of, without its tests.
///
/// # Errors
/// The text is no Rust.
pub(crate) fn uses(text: &str) -> syn::Result<Vec<Use>> {
    let file = syn::parse_file(text)?;
    Ok(Sites::of(&file).uses)
}

/// Genres as keys; guards are changed in two ways at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Body,
    Binary,
    Unary,
    Arm,
    Guard,
    Field,
}

impl From<Genre> for Kind {
    fn from(genre: Genre) -> Self {
        match genre {
            Genre::FnValue => Self::Body,
            Genre::BinaryOperator => Self::Binary,
            Genre::UnaryOperator => Self::Unary,
            Genre::MatchArm => Self::Arm,
            Genre::MatchArmGuard => Self::Guard,
            Genre::StructField => Self::Field,
        }
    }
}

/// All places of a file, by kind and by the byte at which a mutant says that it begins.
#[derive(Debug, Default)]
struct Sites {
    found: HashMap<(Kind, usize), Site>,
    /// Why what is visited now cannot have switches.
    unfit: Option<Reason>,
    /// Fields that keep whether a break is chosen.
    kept: HashSet<String>,
    /// The function that is visited now.
    within: Option<String>,
    uses: Vec<Use>,
}

impl Sites {
    fn of(file: &syn::File) -> Self {
        let mut kept = Kept::default();
        kept.visit_file(file);
        let mut sites = Self { kept: kept.0, ..Self::default() };
        sites.visit_file(file);
        sites
    }

    /// Whether a condition that came out like this needs a deliberate break that is chosen.
    fn asks(&self, condition: &Expr, outcome: bool) -> bool {
        match condition {
            Expr::Call(call) => outcome && called(call).is_some_and(|name| name == "deviates"),
            Expr::Field(field) => match &field.member {
                syn::Member::Named(name) => outcome && self.kept.contains(&name.to_string()),
                syn::Member::Unnamed(_) => false,
            },
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Not(_)) => {
                self.asks(&unary.expr, !outcome)
            }
            Expr::Paren(inner) => self.asks(&inner.expr, outcome),
            Expr::Binary(binary) => match (&binary.op, outcome) {
                // Both sides are true, or both are false.
                (BinOp::And(_), true) | (BinOp::Or(_), false) => {
                    self.asks(&binary.left, outcome) || self.asks(&binary.right, outcome)
                }
                // One of them is.
                (BinOp::And(_), false) | (BinOp::Or(_), true) => {
                    self.asks(&binary.left, outcome) && self.asks(&binary.right, outcome)
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn use_name(&mut self, name: String) {
        let in_break = self.unfit == Some(Reason::Deviation);
        self.uses.push(Use { name, within: self.within.clone(), in_break });
    }

    fn use_tokens(&mut self, tokens: proc_macro2::TokenStream) {
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Ident(name) => self.use_name(name.to_string()),
                proc_macro2::TokenTree::Group(group) => self.use_tokens(group.stream()),
                _ => {}
            }
        }
    }

    fn add(&mut self, kind: Kind, start: usize, place: Place, unfit: Option<Reason>) {
        let site = Site { place, unfit: self.unfit.or(unfit), asks: false };
        self.found.insert((kind, start), site);
    }

    fn inside(&mut self, reason: Option<Reason>, visit: impl FnOnce(&mut Self)) {
        let before = self.unfit;
        self.unfit = before.or(reason);
        visit(self);
        self.unfit = before;
    }

    fn body(&mut self, sig: &syn::Signature, block: &syn::Block, visit: impl FnOnce(&mut Self)) {
        let reason = sig.constness.map(|_| Reason::Constant);
        let around = self.within.replace(sig.ident.to_string());
        self.inside(reason, |sites| {
            if let Some(first) = block.stmts.first() {
                let at = bytes(first).start;
                let opaque = is_opaque(&sig.output).then_some(Reason::Opaque);
                sites.add(Kind::Body, at, Place::Body(at), opaque);
            }
            visit(sites);
        });
        self.within = around;
    }
}

fn bytes(of: &impl Spanned) -> Range<usize> {
    of.span().byte_range()
}

impl<'ast> Visit<'ast> for Sites {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !item.attrs.iter().any(is_for_tests) {
            visit::visit_item_mod(self, item);
        }
    }

    /// Naming something so that it can be used is no use.
    fn visit_item_use(&mut self, _: &'ast syn::ItemUse) {}

    /// Neither is its own name.
    fn visit_signature(&mut self, sig: &'ast syn::Signature) {
        sig.inputs.iter().for_each(|input| self.visit_fn_arg(input));
    }

    fn visit_ident(&mut self, name: &'ast proc_macro2::Ident) {
        self.use_name(name.to_string());
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        self.use_tokens(called.tokens.clone());
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.body(&item.sig, &item.block, |sites| visit::visit_item_fn(sites, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.body(&item.sig, &item.block, |sites| visit::visit_impl_item_fn(sites, item));
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        match &item.default {
            Some(block) => {
                self.body(&item.sig, block, |sites| visit::visit_trait_item_fn(sites, item))
            }
            None => visit::visit_trait_item_fn(self, item),
        }
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.inside(Some(Reason::Constant), |sites| visit::visit_item_const(sites, item));
    }

    fn visit_impl_item_const(&mut self, item: &'ast syn::ImplItemConst) {
        self.inside(Some(Reason::Constant), |sites| visit::visit_impl_item_const(sites, item));
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.inside(Some(Reason::Constant), |sites| visit::visit_item_static(sites, item));
    }

    fn visit_type_array(&mut self, array: &'ast syn::TypeArray) {
        self.inside(Some(Reason::Constant), |sites| visit::visit_type_array(sites, array));
    }

    fn visit_expr_repeat(&mut self, repeat: &'ast syn::ExprRepeat) {
        self.visit_expr(&repeat.expr);
        self.inside(Some(Reason::Constant), |sites| sites.visit_expr(&repeat.len));
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        self.inside(Some(Reason::Constant), |sites| visit::visit_variant(sites, variant));
    }

    fn visit_pat(&mut self, pattern: &'ast syn::Pat) {
        self.inside(Some(Reason::Constant), |sites| visit::visit_pat(sites, pattern));
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        // That of a `LazyLock` runs when the static is first used.
        let before = self.unfit.take_if(|reason| *reason == Reason::Constant);
        visit::visit_expr_closure(self, closure);
        self.unfit = self.unfit.or(before);
    }

    fn visit_expr_const(&mut self, block: &'ast syn::ExprConst) {
        self.inside(Some(Reason::Constant), |sites| visit::visit_expr_const(sites, block));
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        let bound = binds(&binary.left) || binds(&binary.right);
        let never = matches!(binary.op, BinOp::Or(_))
            && self.asks(&binary.left, true)
            && self.asks(&binary.right, true);
        let unfit = if never { Some(Reason::Deviation) } else { bound.then_some(Reason::LetChain) };
        let pieces = vec![bytes(&binary.left), bytes(&binary.right)];
        let place = Place::Around(bytes(binary), pieces);
        self.add(Kind::Binary, bytes(&binary.op).start, place, unfit);
        // What comes first does not matter where a break that is not chosen decides.
        let decided = match binary.op {
            BinOp::And(_) => self.asks(&binary.right, true),
            BinOp::Or(_) => self.asks(&binary.right, false),
            _ => false,
        };
        self.inside(decided.then_some(Reason::Deviation), |sites| sites.visit_expr(&binary.left));
        let only_then = match binary.op {
            BinOp::And(_) => self.asks(&binary.left, true),
            BinOp::Or(_) => self.asks(&binary.left, false),
            _ => false,
        };
        self.inside(only_then.then_some(Reason::Deviation), |sites| {
            sites.visit_expr(&binary.right)
        });
    }

    fn visit_expr_unary(&mut self, unary: &'ast syn::ExprUnary) {
        let place = Place::Around(bytes(unary), vec![bytes(&unary.expr)]);
        self.add(Kind::Unary, bytes(&unary.op).start, place, None);
        visit::visit_expr_unary(self, unary);
    }

    fn visit_expr_if(&mut self, branch: &'ast syn::ExprIf) {
        self.visit_expr(&branch.cond);
        let then = self.asks(&branch.cond, true).then_some(Reason::Deviation);
        self.inside(then, |sites| sites.visit_block(&branch.then_branch));
        if let Some((_, other)) = &branch.else_branch {
            let reason = self.asks(&branch.cond, false).then_some(Reason::Deviation);
            self.inside(reason, |sites| sites.visit_expr(other));
        }
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        let names_either = called(call).is_some_and(|name| name == "either");
        for (index, argument) in call.args.iter().enumerate() {
            let reason = (names_either && index == 2).then_some(Reason::Deviation);
            self.inside(reason, |sites| sites.visit_expr(argument));
        }
        self.visit_expr(&call.func);
    }

    fn visit_expr_match(&mut self, expression: &'ast syn::ExprMatch) {
        // Without an arm that takes everything, each of the others is needed: one with a guard does
        // not count.
        let takes_all =
            |arm: &syn::Arm| matches!(arm.pat, syn::Pat::Wild(_)) && arm.guard.is_none();
        let unviable = !expression.arms.iter().any(takes_all);
        for arm in &expression.arms {
            let at = bytes(&arm.fat_arrow_token).start;
            let unfit = unviable.then_some(Reason::Unviable);
            self.add(Kind::Arm, bytes(arm).start, Place::Arm(at), unfit);
        }
        visit::visit_expr_match(self, expression);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        self.visit_pat(&arm.pat);
        let mut reason = None;
        if let Some((_, guard)) = &arm.guard {
            let asks = self.asks(guard, true);
            let unfit = binds(guard).then_some(Reason::LetChain);
            self.add(
                Kind::Guard,
                bytes(&**guard).start,
                Place::Around(bytes(&**guard), Vec::new()),
                unfit,
            );
            if let Some(site) = self.found.get_mut(&(Kind::Guard, bytes(&**guard).start)) {
                site.asks = asks;
            }
            self.visit_expr(guard);
            reason = asks.then_some(Reason::Deviation);
        }
        self.inside(reason, |sites| sites.visit_expr(&arm.body));
    }

    fn visit_expr_struct(&mut self, literal: &'ast syn::ExprStruct) {
        if literal.rest.is_some() {
            for pair in literal.fields.pairs() {
                let mut field = bytes(*pair.value());
                let start = field.start;
                if let Some(comma) = pair.punct() {
                    field.end = bytes(*comma).end;
                }
                self.add(Kind::Field, start, Place::Around(bytes(literal), vec![field]), None);
            }
        }
        visit::visit_expr_struct(self, literal);
    }
}

/// Whether a function says of what it gives back only what it can do, so that it has to be of one type.
fn is_opaque(output: &syn::ReturnType) -> bool {
    struct Found(bool);
    impl<'ast> Visit<'ast> for Found {
        fn visit_type_impl_trait(&mut self, _: &'ast syn::TypeImplTrait) {
            self.0 = true;
        }
    }
    let mut found = Found(false);
    found.visit_return_type(output);
    found.0
}

/// Whether a condition binds names, so that it has to stay where it is.
fn binds(condition: &Expr) -> bool {
    match condition {
        Expr::Let(_) => true,
        Expr::Binary(binary) if matches!(binary.op, BinOp::And(_)) => {
            binds(&binary.left) || binds(&binary.right)
        }
        _ => false,
    }
}

/// Whether it is only there for tests.
fn is_for_tests(attribute: &syn::Attribute) -> bool {
    matches!(&attribute.meta, syn::Meta::List(list)
        if list.path.is_ident("cfg") && list.tokens.to_string() == "test")
}

/// Fields of structs that are made with whether a break is chosen, and nowhere with anything else.
#[derive(Debug, Default)]
struct Kept(HashSet<String>);

impl<'ast> Visit<'ast> for Kept {
    fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
        if let (syn::Member::Named(name), Expr::Call(call)) = (&field.member, &field.expr)
            && called(call).is_some_and(|name| name == "deviates")
        {
            self.0.insert(name.to_string());
        }
        visit::visit_field_value(self, field);
    }
}

fn called(call: &syn::ExprCall) -> Option<String> {
    match &*call.func {
        Expr::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutant::{Function, Place as At, Span};

    /// A mutant of the first occurrence of a text.
    fn mutant(text: &str, what: &str, genre: Genre, replacement: &str) -> Mutant {
        let at = text.find(what).unwrap();
        let place = |byte: usize| {
            let before = &text[..byte];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
            At { line, column }
        };
        Mutant {
            name: "a.rs:1:1: x".into(),
            file: "a.rs".into(),
            function: Some(Function { function_name: "f".into() }),
            span: Span { start: place(at), end: place(at + what.len()) },
            replacement: replacement.into(),
            genre,
        }
    }

    fn woven(text: &str, mutants: &[Mutant]) -> Woven {
        let numbered: Vec<_> = (1..).zip(mutants).collect();
        let woven = weave(text, &numbered).unwrap();
        syn::parse_file(&woven.text).unwrap();
        woven
    }

    fn left_out(text: &str, mutant: Mutant) -> Option<Reason> {
        woven(text, &[mutant]).left_out.first().map(|(_, reason)| *reason)
    }

    #[test]
    fn an_operator_has_its_operands_in_both_branches() {
        let text = "fn f(a: i32) -> bool { a + 1 == 2 }";
        let mutants = [
            mutant(text, "==", Genre::BinaryOperator, "!="),
            mutant(text, "+", Genre::BinaryOperator, "-"),
            mutant(text, "+", Genre::BinaryOperator, "*"),
        ];
        let expected = "fn f(a: i32) -> bool { \
            (if crate::mutant::on(1) { (a + 1) != (2) } else { (\
            (if crate::mutant::on(2) { (a) - (1) } else if crate::mutant::on(3) { (a) * (1) } \
            else { (a + 1) }) == 2) }) }";
        let woven = woven(text, &mutants);
        assert_eq!(woven.text, expected);
        let branches =
            woven.branches.iter().map(|(range, number)| (&woven.text[range.clone()], *number));
        let expected = [("(a + 1) != (2)", 1), ("(a) - (1)", 2), ("(a) * (1)", 3)];
        assert_eq!(branches.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_is_assigned_to_stays_a_place() {
        let text = "fn f(a: &mut i32) { *a += 1; }";
        let mutants = [mutant(text, "+=", Genre::BinaryOperator, "-=")];
        assert_eq!(
            woven(text, &mutants).text,
            "fn f(a: &mut i32) { (if crate::mutant::on(1) { *a -= (1) } else { (*a += 1) }); }"
        );
    }

    #[test]
    fn functions_arms_guards_and_fields_get_switches() {
        let text = "fn f(a: i32) -> S { match a { 1 => g(), n if !n.ok() => h(), _ => S { x: 1, y: 2, ..d() } } }";
        let mutants = [
            mutant(text, "match a", Genre::FnValue, "S::default()"),
            mutant(text, "1 => g()", Genre::MatchArm, ""),
            mutant(text, "!n.ok()", Genre::MatchArmGuard, "true"),
            mutant(text, "!n", Genre::UnaryOperator, ""),
            mutant(text, "x: 1,", Genre::StructField, ""),
        ];
        let woven = woven(text, &mutants);
        assert!(woven.left_out.is_empty(), "{woven:?}");
        for part in [
            "{ if crate::mutant::on(1) { return S::default(); } match",
            "1 if !crate::mutant::on(2) => g()",
            "if (if crate::mutant::on(3) { true } else if crate::mutant::on(4) { n.ok() } else { (!n.ok()) }) =>",
            "(if crate::mutant::on(5) { S {  y: 2, ..d() } } else { (S { x: 1, y: 2, ..d() }) })",
        ] {
            assert!(woven.text.contains(part), "{part}\n{}", woven.text);
        }
    }

    #[test]
    fn what_the_compiler_evaluates_has_no_switches() {
        let text =
            "const A: i32 = 1 + 2; const fn f() -> i32 { 3 / 1 } static B: L = L::new(|| 4 * 2);";
        let operator = |what, other| mutant(text, what, Genre::BinaryOperator, other);
        assert_eq!(left_out(text, operator("+", "-")), Some(Reason::Constant));
        assert_eq!(left_out(text, operator("/", "*")), Some(Reason::Constant));
        assert_eq!(left_out(text, operator("*", "/")), None);
    }

    #[test]
    fn code_of_deliberate_breaks_is_left_out() {
        for (text, expected) in [
            ("fn f() { if deviates(\"x\") { a == b; } }", Some(Reason::Deviation)),
            ("fn f() { if !deviates(\"x\") { a == b; } }", None),
            ("fn f() { if g() && deviates(\"x\") { a == b; } }", Some(Reason::Deviation)),
            ("fn f() { if g() || deviates(\"x\") { a == b; } }", None),
            ("fn f() { if !deviates(\"x\") { g() } else { a == b; } }", Some(Reason::Deviation)),
            ("fn f() { either(\"x\", g(), a == b) }", Some(Reason::Deviation)),
            ("fn f() { either(\"x\", a == b, g()) }", None),
            ("fn f() { if let Some(c) = g() && a == b {} }", None),
            (
                "fn f() { if deviates(\"x\") || deviates(\"y\") { a == b; } }",
                Some(Reason::Deviation),
            ),
            (
                "fn n() { S { x: deviates(\"x\") } } fn f() { if self.x { a == b; } }",
                Some(Reason::Deviation),
            ),
            ("fn f() { if self.x { a == b; } }", None),
            ("fn f() { if a == b && deviates(\"x\") { g(); } }", Some(Reason::Deviation)),
            ("fn f() { if a == b || deviates(\"x\") { g(); } }", None),
            ("fn f() { if a == b && !deviates(\"x\") { g(); } }", None),
        ] {
            let left_out = left_out(text, mutant(text, "==", Genre::BinaryOperator, "!="));
            assert_eq!(left_out, expected, "{text}");
        }
    }

    #[test]
    fn a_guard_that_is_false_without_a_break_is_no_other_when_it_is_never_true() {
        let text = "fn f() { match a { _ if deviates(\"x\") => c, _ => d } }";
        let guard = |value| mutant(text, "deviates(\"x\")", Genre::MatchArmGuard, value);
        assert_eq!(left_out(text, guard("false")), Some(Reason::Deviation));
        assert_eq!(left_out(text, guard("true")), None);
        let text = "fn f() { if deviates(\"x\") || deviates(\"y\") {} }";
        let operator = mutant(text, "||", Genre::BinaryOperator, "&&");
        assert_eq!(left_out(text, operator), Some(Reason::Deviation));
    }

    #[test]
    fn names_are_used_in_functions_and_in_breaks() {
        let text = "use a::b; fn f() { g(); if deviates(\"x\") { self.h(); } m!(i()) } \
            #[cfg(test)] mod tests { fn t() { g(); } }";
        let uses = uses(text).unwrap();
        let of = |name: &str| uses.iter().filter(|used| used.name == name).collect::<Vec<_>>();
        for (name, in_break) in [("g", false), ("h", true), ("i", false)] {
            let expected = Use { name: name.into(), within: Some("f".into()), in_break };
            assert_eq!(of(name), [&expected], "{name}");
        }
        assert!(of("b").is_empty() && of("f").is_empty());
    }

    #[test]
    fn what_would_need_another_type_or_binds_names_is_left_out() {
        let text = "fn f() -> impl Iterator<Item = u8> { g() }";
        let body = mutant(text, "g()", Genre::FnValue, "::std::iter::empty()");
        assert_eq!(left_out(text, body), Some(Reason::Opaque));
        let text = "fn f() { if let Some(a) = g() && a {} }";
        let operator = mutant(text, "&&", Genre::BinaryOperator, "||");
        assert_eq!(left_out(text, operator), Some(Reason::LetChain));
        let text = "fn f() { match a { _ if b => c, None => d, Some(_) => e } }";
        assert_eq!(
            left_out(text, mutant(text, "None", Genre::MatchArm, "")),
            Some(Reason::Unviable)
        );
    }
}
