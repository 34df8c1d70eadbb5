//! The questions of the bench, each with the same question in SQL for other engines.

use super::machine::median_ms;
use super::report::AnyNode;
use crate::synth::Dice;
use ::census::{CensusError, Codes, Filter, Grouping, Question, Schema, Tree, Version};
use jiff::civil::date;
use rules::date::day_number;
use rules::stats::{Bands, Dimension};
use server::census::day;
use std::ops::Range;
use std::time::Instant;

/// Where the questions are asked.
pub(super) struct Nodes {
    all: Range<u32>,
    /// About a hundredth of the members.
    pub(super) hundredth: Range<u32>,
    /// About a tenth.
    pub(super) tenth: Range<u32>,
    /// Children of one with about a tenth, at most twenty that have members.
    children: Vec<Range<u32>>,
}

pub(super) struct Asked {
    pub(super) name: &'static str,
    pub(super) question: Question,
    /// For engines that read the columns as the table `members`.
    pub(super) sql: String,
}

fn size(version: &Version, orgs: &Range<u32>) -> Result<u64, CensusError> {
    Ok(version.count(&Question { places: vec![vec![orgs.clone()]], ..Question::default() })?.counts[0])
}

/// The rows of a subtree: how many stand before it, and how many in it.
pub(super) fn rows_of(version: &Version, orgs: &Range<u32>) -> Result<Range<usize>, CensusError> {
    let before = size(version, &(0..orgs.start))? as usize;
    Ok(before..before + size(version, orgs)? as usize)
}

impl Nodes {
    pub(super) fn find(tree: &Tree, version: &Version) -> Result<Self, CensusError> {
        let all = tree.subtree(0)?;
        let members = size(version, &all)?;
        let near = |share: u64| -> Result<u32, CensusError> {
            let mut best = (u64::MAX, 0);
            for number in 0..tree.len() as u32 {
                let orgs = tree.subtree(number)?;
                // Only those that may have so many are counted.
                if (orgs.len() as u64) * share * 4 > tree.len() as u64 || number == 0 {
                    best = best.min((size(version, &orgs)?.abs_diff(members / share), number));
                }
            }
            Ok(best.1)
        };
        let (hundredth, tenth) = (near(100)?, near(10)?);
        let mut children = Vec::new();
        for child in tree.children(tenth)? {
            let orgs = tree.subtree(child)?;
            if size(version, &orgs)? > 0 && children.len() < 20 {
                children.push(orgs);
            }
        }
        Ok(Nodes { all, hundredth: tree.subtree(hundredth)?, tenth: tree.subtree(tenth)?, children })
    }
}

/// A question in the making, in both languages.
struct Both<'a> {
    schema: &'a Schema,
    question: Question,
    columns: Vec<String>,
    conditions: Vec<String>,
    count: String,
}

impl<'a> Both<'a> {
    fn within(schema: &'a Schema, orgs: &Range<u32>) -> Self {
        Both {
            schema,
            question: Question { places: vec![vec![orgs.clone()]], ..Question::default() },
            columns: Vec::new(),
            conditions: vec![format!("org >= {} AND org < {}", orgs.start, orgs.end)],
            count: "COUNT(*) AS n".to_owned(),
        }
    }

    fn by(mut self, names: &[&str]) -> Result<Self, CensusError> {
        for name in names {
            self.question.by.push(Grouping::Codes(self.schema.dimension(name)?));
            self.columns.push((*name).to_owned());
        }
        Ok(self)
    }

    fn of(self, dimension: Dimension, values: &[&str]) -> Result<Self, CensusError> {
        let known = dimension.values(&Bands::default());
        let codes: Vec<u8> =
            values.iter().filter_map(|value| known.iter().position(|name| name == value)).map(|at| at as u8).collect();
        self.codes(dimension.key(), &codes)
    }

    fn codes(mut self, name: &str, codes: &[u8]) -> Result<Self, CensusError> {
        self.question
            .filters
            .push(Filter::Codes(self.schema.dimension(name)?, codes.iter().copied().collect::<Codes>()));
        let list: Vec<String> = codes.iter().map(u8::to_string).collect();
        self.conditions.push(format!("{name} IN ({})", list.join(", ")));
        Ok(self)
    }

    fn days(mut self, name: &str, first: u16, last: u16) -> Result<Self, CensusError> {
        self.question.filters.push(Filter::Days(self.schema.day(name)?, vec![(first, last)]));
        self.conditions.push(format!("{name} BETWEEN {first} AND {last}"));
        Ok(self)
    }

    /// The children of an organisation as one more dimension, the outermost.
    fn children(mut self, children: &[Range<u32>]) -> Self {
        self.question.places = children.iter().map(|orgs| vec![orgs.clone()]).collect();
        let cases: Vec<String> =
            children.iter().enumerate().map(|(n, orgs)| format!("WHEN org < {} THEN {n}", orgs.end)).collect();
        self.columns.insert(0, format!("CASE {} END", cases.join(" ")));
        self
    }

    fn asked(self, name: &'static str) -> Asked {
        let groups: Vec<String> = (1..=self.columns.len()).map(|n| n.to_string()).collect();
        let selected: Vec<String> = self
            .columns
            .iter()
            .enumerate()
            .map(|(n, column)| format!("{column} AS c{n}"))
            .chain([self.count])
            .collect();
        let group = if groups.is_empty() { String::new() } else { format!(" GROUP BY {}", groups.join(", ")) };
        let sql = format!("SELECT {} FROM members WHERE {}{group}", selected.join(", "), self.conditions.join(" AND "));
        Asked { name, question: self.question, sql }
    }
}

pub(super) fn all(version: &Version, nodes: &Nodes) -> Result<Vec<Asked>, CensusError> {
    let schema = version.schema();
    let within = |orgs: &Range<u32>| Both::within(schema, orgs);
    let on = |year: i16, month: i8| day(day_number(date(year, month, 1)));
    let since_2013: Vec<u8> = server::census::joined_years(2013..=2024);
    let span = nodes.children.first().map_or(0, |first| first.start)..nodes.children.last().map_or(0, |last| last.end);
    Ok(vec![
        within(&nodes.all).by(&["age_band"])?.asked("Q1"),
        within(&nodes.all).by(&["education", "age_band"])?.asked("Q2"),
        within(&nodes.all)
            .by(&["employment"])?
            .of(Dimension::Gender, &["女"])?
            .of(Dimension::TitleLevel, &["中级"])?
            .asked("Q3"),
        within(&nodes.hundredth).by(&["education", "age_band"])?.asked("Q4"),
        within(&span).by(&["age_band"])?.children(&nodes.children).asked("Q5"),
        within(&nodes.all).by(&["gender"])?.codes("joined_year", &since_2013)?.asked("Q7"),
        within(&nodes.hundredth).by(&["education", "age_band", "occupation"])?.asked("three"),
        within(&nodes.all).by(&["gender", "education", "age_band", "occupation"])?.asked("scan4"),
        within(&nodes.all)
            .by(&["age_band"])?
            .of(Dimension::Gender, &["女"])?
            .of(Dimension::Ethnicity, &["藏族"])?
            .of(Dimension::Education, &["研究生", "大学本科"])?
            .asked("scan_selective"),
        within(&nodes.all).by(&["gender"])?.days("joined_on", on(2001, 7), on(2021, 7))?.asked("scan_range"),
    ])
}

/// The 12-year trend: the table at the end of each year. Times all twelve.
pub(super) fn trend(version: &Version, nodes: &Nodes) -> Result<f64, CensusError> {
    let mut question = Both::within(version.schema(), &nodes.all).by(&["education"])?.question;
    let days: Vec<u16> = (2013..=2024).map(|year| day(day_number(date(year, 12, 31)))).collect();
    let mut failed = None;
    let ms = median_ms(|| {
        for on in &days {
            question.on = Some(*on);
            if let Err(e) = version.count(&question) {
                failed = Some(e);
            }
        }
    });
    failed.map_or(Ok(ms), Err)
}

/// One to three random dimensions at random nodes with members, and over random ranges of organisations, whose ends lie anywhere.
pub(super) fn any_node(version: &Version, tree: &Tree, seed: u64) -> Result<Vec<AnyNode>, CensusError> {
    let mut dice = Dice::new(seed, 0x6e6f_6465);
    let mut figures = Vec::new();
    for dimensions in 1..=3 {
        let mut times = Vec::new();
        while times.len() < 500 {
            let question = random_question(version, tree, dimensions, &mut dice)?;
            let Some(question) = question else { continue };
            version.count(&question)?;
            let since = Instant::now();
            version.count(&question)?;
            times.push(since.elapsed().as_secs_f64() * 1000.0);
        }
        figures.push(AnyNode::of(dimensions, times));
    }
    Ok(figures)
}

/// None where the table would be too large.
pub(super) fn random_question(
    version: &Version,
    tree: &Tree,
    dimensions: usize,
    dice: &mut Dice,
) -> Result<Option<Question>, CensusError> {
    let schema = version.schema();
    let first = dice.below(tree.len() as u64) as u32;
    let orgs = if dice.below(2) == 0 {
        tree.subtree(first)?
    } else {
        first..first + 1 + dice.below(u64::from(tree.len() as u32 - first)) as u32
    };
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < dimensions {
        let dimension = dice.below(schema.dimensions().len() as u64) as usize;
        if !chosen.contains(&dimension) {
            chosen.push(dimension);
        }
    }
    let cells: usize = chosen.iter().map(|place| schema.dimensions()[*place].size).product();
    let by = chosen.into_iter().map(Grouping::Codes).collect();
    Ok((cells <= ::census::MAX_CELLS).then(|| Question { by, places: vec![vec![orgs]], ..Question::default() }))
}
