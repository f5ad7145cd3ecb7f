//! The skill of this version as the protocol serves skills (SEP-2640). Its files are in the program; nothing is read from the disk.

use clerk_api_admin::skill::{FILES, frontmatter};
use rmcp::model::{ErrorData, GetSkillResult, Skill, SkillResource, SkillResources};
use serde_json::{Map, Value};

use super::reply::typed;
use crate::resources::skill_address;

/// The one skill that there is.
pub(super) fn skill() -> Result<Skill, ErrorData> {
    let members = frontmatter().map(|(name, value)| (name.to_owned(), value.into()));
    let frontmatter = typed(Value::Object(members.collect::<Map<_, _>>()))?;
    let files = FILES
        .iter()
        .map(|(file, text)| SkillResource::from_bytes(skill_address(file), text.as_bytes()));
    let files = SkillResources::Files(files.collect());
    Ok(Skill::new(skill_address(FILES[0].0), frontmatter, files))
}

/// The skill of this address.
pub(super) fn get(uri: &str) -> Result<GetSkillResult, ErrorData> {
    let skill = skill()?;
    if skill.uri != uri {
        let message = format!("there is no skill {uri}; skills/list tells which there are");
        return Err(ErrorData::invalid_params(message, None));
    }
    Ok(GetSkillResult::new(skill))
}
