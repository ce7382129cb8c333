//! Gives the scheduler the chosen scenarios, in their order.

use cucumber::{Parser, cli, parser};
use futures::stream;

/// Features of one scenario each.
pub(super) struct Feed(pub(super) Vec<gherkin::Feature>);

impl Parser<()> for Feed {
    type Cli = cli::Empty;
    type Output = stream::Iter<std::vec::IntoIter<parser::Result<gherkin::Feature>>>;

    fn parse(self, (): (), _: cli::Empty) -> Self::Output {
        stream::iter(self.0.into_iter().map(Ok).collect::<Vec<_>>())
    }
}
