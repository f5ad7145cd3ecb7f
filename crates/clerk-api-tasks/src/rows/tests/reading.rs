//! Which files are read, and that every row is found again.

use clerk_api_admin::problem::ProblemKind;
use fs_err as fs;
use sha2::{Digest as _, Sha256};

use super::super::{Cell, Format, Input};
use super::{file, open, read};

#[test]
fn the_format_is_found_by_content() {
    let format = |content: &str| open(content).format();
    assert_eq!(format("email\na@b.c\n"), Format::Cells(b','));
    assert_eq!(format("email,role\n"), Format::Cells(b','));
    assert_eq!(format("email;role;a\n1,2;3;4\n"), Format::Cells(b';'));
    assert_eq!(format("email\trole\n"), Format::Cells(b'\t'));
    assert_eq!(format("email|role\n"), Format::Cells(b'|'));
    assert_eq!(format("\"a;b\",c\n"), Format::Cells(b','));
    assert_eq!(format("sep=;\r\nemail,x;role\r\n"), Format::Cells(b';'));
    assert_eq!(format("{\"email\":1}\n"), Format::Ndjson);
    assert_eq!(format(" \n[{\"email\":1}]"), Format::Json);
    assert_eq!(format("\u{feff}[]"), Format::Json);
}

#[test]
fn lines_count_all_line_ends_and_breaks_in_quotes() {
    let rows = ["1@2 a|b", "2@3 c\nd|e", "3@5 f|g"];
    assert_eq!(read("x,y\na,b\n\"c\nd\",e\nf,g"), rows);
    assert_eq!(
        read("x,y\r\na,b\r\n\"c\r\nd\",e\r\nf,g\r\n"),
        ["1@2 a|b", "2@3 c\r\nd|e", "3@5 f|g"]
    );
    assert_eq!(
        read("x,y\ra,b\r\"c\rd\",e\rf,g\r"),
        ["1@2 a|b", "2@3 c\rd|e", "3@5 f|g"]
    );
    assert_eq!(
        read("x,y\r\na,b\nc,d\re,f\ng,h\ri,j"),
        ["1@2 a|b", "2@3 c|d", "3@4 e|f", "4@5 g|h", "5@6 i|j"]
    );
}

#[test]
fn blank_lines_are_no_rows() {
    assert_eq!(
        read("\n\nx;y\n\n1;2\n;\n\"\";\n3;4\n\n\n"),
        ["1@5 1|2", "2@8 3|4"]
    );
    assert_eq!(read("{\"x\":1}\n\n  \r\n{\"x\":2}\n\n"), ["1@1 1", "2@4 2"]);
    assert!(read("x,y").is_empty());
    assert!(read("x,y\n").is_empty());
    assert!(read("[]").is_empty());
    assert!(read("[ \n ]\n").is_empty());
}

#[test]
fn marks_quotes_and_the_sign_of_excel_are_no_cells() {
    assert_eq!(read("\u{feff}x,y\na,b"), ["1@2 a|b"]);
    assert_eq!(
        read("\u{feff}\"x\",\"y\"\n\"a \"\"b\"\"\",\" c \""),
        ["1@2 a \"b\"| c "]
    );
    assert_eq!(read("sep=;\r\nx;y\r\na,b;c\r\n"), ["1@3 a,b|c"]);
    assert_eq!(read("x,y\n5\" pipe,b"), ["1@2 5\" pipe|b"]);
}

#[test]
fn reliability_8_4_one_quote_before_a_formula_is_taken_away() {
    let content = "x\n'=1+1\n''=x\n'quoted'\n=1+1\n+15550100\n";
    assert_eq!(
        read(content),
        [
            "1@2 =1+1",
            "2@3 '=x",
            "3@4 'quoted'",
            "4@5 =1+1",
            "5@6 +15550100"
        ]
    );
    let file = file(content);
    let literal = Input::open_as(&file.path, true).unwrap();
    let row = literal.rows().unwrap().next().unwrap().unwrap().unwrap();
    assert_eq!(row.cell(0).text(), "'=1+1");
}

#[test]
fn json_keeps_its_exact_text_and_its_members_by_name() {
    let input = open(
        "[\n {\"a\": 12345678901234567890123, \"b\": [1.50, {\"c\": \"]}\"}]},\n {\"b\": \"x\", \"a\": null, \"d\": true}\n ]\n",
    );
    let names: Vec<&str> = input.columns().iter().map(AsRef::as_ref).collect();
    assert_eq!(names, ["a", "b", "d"]);
    let mut rows = Vec::new();
    for row in input.rows().unwrap() {
        let row = row.unwrap().unwrap();
        let json = |column| match row.cell(column) {
            Cell::Json(json) => json.get().to_owned(),
            cell => format!("{cell:?}"),
        };
        rows.push(format!(
            "{} {} {} {}",
            row.at.line,
            json(0),
            json(1),
            json(2)
        ));
    }
    assert_eq!(
        rows,
        [
            "2 12345678901234567890123 [1.50, {\"c\": \"]}\"}] Missing",
            "3 null \"x\" true",
        ]
    );
}

#[test]
fn a_member_that_the_first_rows_do_not_have_is_kept_apart() {
    let mut content = "{\"a\":1}\n".repeat(1000);
    content.push_str("{\"a\":2,\"late\":3}\n");
    let input = open(&content);
    assert_eq!(input.columns().len(), 1);
    let last = input.rows().unwrap().last().unwrap().unwrap().unwrap();
    let more: Vec<_> = last
        .more()
        .map(|(name, value)| (name, value.get()))
        .collect();
    assert_eq!(more, [("late", "3")]);
}

#[test]
fn reliability_4_2_the_hash_is_that_of_the_whole_file() {
    for content in ["\u{feff}a,b\n1,2\n\n", "[{\"a\":1}]\n ", "{\"a\":1}"] {
        let mut rows = open(content).rows().unwrap();
        assert_eq!(rows.digest(), None);
        while rows.next_row().unwrap().is_some() {}
        let whole: [u8; 32] = Sha256::digest(content).into();
        assert_eq!(rows.digest(), Some(whole));
    }
    assert_eq!(open("a\n1\n").size(), 4);
}

#[test]
fn reliability_4_3_a_row_is_read_again_or_has_changed() {
    let file = file("x,y\n1,a\n2,b\n3,c\n");
    let input = Input::open(&file.path).unwrap();
    let rows: Vec<_> = input
        .rows()
        .unwrap()
        .map(|row| row.unwrap().unwrap())
        .collect();
    for row in rows.iter().rev() {
        let again = input.read_at(row.at).unwrap();
        assert_eq!(again.at, row.at);
        assert_eq!(again.cell(1).text(), row.cell(1).text());
    }
    fs::write(&file.path, "x,y\n1,a\n2,B\n").unwrap();
    assert!(input.read_at(rows[0].at).is_ok());
    for changed in [&rows[1], &rows[2]] {
        let problem = input.read_at(changed.at).unwrap_err();
        assert_eq!(problem.kind, ProblemKind::Changed);
    }
}

#[test]
fn rows_longer_than_the_window_are_read() {
    let long = "x".repeat(600_000);
    let content = format!("a,b\n\"{long}\n\",1\n2,{long}\n");
    let input = open(&content);
    let rows: Vec<_> = input
        .rows()
        .unwrap()
        .map(|row| row.unwrap().unwrap())
        .collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1].at.line, 4);
    assert_eq!(rows[1].cell(1).text(), long);
    assert_eq!(input.read_at(rows[0].at).unwrap().cell(1).text(), "1");
}

#[test]
fn a_list_has_one_value_a_line_whatever_is_in_it() {
    let list = |content: &str| {
        let file = file(content);
        let input = Input::open_list(&file.path, "user_id").unwrap();
        assert_eq!(&*input.columns()[0], "user_id");
        let rows: Vec<String> = input
            .rows()
            .unwrap()
            .map(|row| {
                let row = row.unwrap().unwrap();
                let again = input.read_at(row.at).unwrap();
                assert_eq!(again.cell(0).text(), row.cell(0).text());
                format!("{} {}", row.at.line, row.cell(0).text())
            })
            .collect();
        (rows, input.check_names("<USER_ID>").err())
    };
    let (rows, problem) = list("\u{feff}user_1\r\n query:Ada, \"L\"; \n'=x{{\n\n");
    assert_eq!(rows, ["1 user_1", "2 query:Ada, \"L\";", "3 '=x{{"]);
    assert!(problem.is_none());
    assert!(matches!(list(""), (rows, None) if rows.is_empty()));
    for (content, line) in [("\n", 1), ("a\n\t\nb\n", 2), ("\na", 1), ("a\nnull", 2)] {
        let message = list(content).1.unwrap().message;
        let start = format!("<USER_ID>: line {line} is ");
        assert!(message.starts_with(&start), "{content:?}: {message}");
    }
}
