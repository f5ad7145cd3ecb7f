//! The proxy and the certificates of a client. Read when a connection over TLS is about to be made, not before.

use std::io::Read as _;
use std::path::Path;

use clerk_api::transport::{Certificates, Proxy};
use clerk_api_admin::problem::{Outcome, Problem};
use fs_err as fs;
use http::Uri;

use crate::setup::config::{Network, Sourced};

/// The collection of a whole system takes a quarter of a megabyte.
const MOST: u64 = 16 * 1024 * 1024;

/// The proxy that a URL is reached through, if there is one.
pub(crate) fn proxy(network: &Network, url: &str) -> Outcome<Option<Proxy>> {
    let Ok(url) = url.parse::<Uri>() else {
        return Ok(None);
    };
    if url.scheme_str() != Some("https") {
        return Ok(None);
    }
    Ok(any_proxy(network)?.filter(|proxy| proxy.is_for(&url)))
}

/// The proxy that is configured, whatever it is for; a transport asks it itself.
pub(crate) fn any_proxy(network: &Network) -> Outcome<Option<Proxy>> {
    let Some(setting) = &network.proxy else {
        return Ok(None);
    };
    let proxy = Proxy::parse(&setting.value, setting.source.to_string());
    let proxy = proxy.map_err(|error| Problem::config(error.to_string()))?;
    Ok(Some(match &network.no_proxy {
        Some(list) => proxy.except(&list.value),
        None => proxy,
    }))
}

/// All certificates that are named, where the URL needs any.
pub(crate) fn certificates(network: &Network, url: &str) -> Outcome<Certificates> {
    let mut all = Certificates::default();
    if !url.to_ascii_lowercase().starts_with("https:") {
        return Ok(all);
    }
    for named in &network.certificates {
        let wrong = |reason: &dyn std::fmt::Display| {
            let (path, source) = (named.value.display(), &named.source);
            Problem::config(format!("cannot read certificates from {path} ({source})"))
                .cause(reason.to_string())
                .hint("name a PEM file of certificates, such as your company's root certificate")
        };
        all.extend(read(named, &wrong)?);
    }
    Ok(all)
}

fn read(
    named: &Sourced<std::path::PathBuf>,
    wrong: &dyn Fn(&dyn std::fmt::Display) -> Box<Problem>,
) -> Outcome<Certificates> {
    let path = crate::setup::credentials::expanded(&named.value);
    let facts = fs::metadata(&path).map_err(|error| wrong(&cause(&error)))?;
    if !facts.is_dir() {
        let content = content(&path).map_err(|error| wrong(&error))?;
        return Certificates::read(&content).map_err(|error| wrong(&error));
    }
    // A folder can have other files too (lists, keys, broken links): only certificates count.
    let (mut all, mut any) = (Certificates::default(), false);
    for entry in fs::read_dir(&path).map_err(|error| wrong(&cause(&error)))? {
        let entry = entry.map_err(|error| wrong(&error))?;
        if let Some(found) = content(&entry.path())
            .ok()
            .and_then(|content| Certificates::read(&content).ok())
        {
            all.extend(found);
            any = true;
        }
    }
    if any {
        Ok(all)
    } else {
        Err(wrong(&"no file in this folder holds a certificate"))
    }
}

/// A file's bytes. Only a real file is opened: a pipe or a device may never end.
fn content(path: &Path) -> Result<Vec<u8>, String> {
    let facts = fs::metadata(path).map_err(|error| cause(&error))?;
    if !facts.is_file() {
        return Err("it is not a file".to_owned());
    }
    if facts.len() > MOST {
        return Err("it is larger than 16 MB".to_owned());
    }
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(MOST).read_to_end(&mut bytes));
    read.map_err(|error| cause(&error))?;
    Ok(bytes)
}

/// The system's message, without the path, which our message already has.
fn cause(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        _ => error.to_string(),
    }
}
