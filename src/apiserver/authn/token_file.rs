//! Static tokens: lines of `token,user,uid,"group1,group2"`.
//! Source: Kubernetes documentation, "Static token file".

use std::collections::HashMap;

use super::User;

/// The users by token.
#[derive(Debug, Clone, Default)]
pub struct TokenFile(HashMap<String, User>);

/// A line that is no token.
#[derive(Debug, thiserror::Error)]
#[error("line {line} of the token file: expected at least token, user name and user id")]
pub struct TokenFileError {
    line: usize,
}

impl TokenFile {
    /// Reads the file's text. Errors: a line with too few columns, or an empty token.
    pub fn parse(text: &str) -> Result<Self, TokenFileError> {
        let mut users = HashMap::new();
        for (index, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let columns = columns(line);
            let [token, name, uid, rest @ ..] = columns.as_slice() else {
                return Err(TokenFileError { line: index + 1 });
            };
            if token.is_empty() {
                return Err(TokenFileError { line: index + 1 });
            }
            let groups: Vec<&str> = rest
                .first()
                .map_or_else(Vec::new, |groups| groups.split(',').map(str::trim).collect());
            let groups: Vec<&str> = groups.into_iter().filter(|group| !group.is_empty()).collect();
            let mut user = User::known(name, &groups);
            user.uid.clone_from(uid);
            users.insert(token.clone(), user);
        }
        Ok(Self(users))
    }

    pub(super) fn user(&self, token: &str) -> Option<User> {
        self.0.get(token).cloned()
    }
}

fn columns(line: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(String::new()),
            _ => {
                if let Some(last) = out.last_mut() {
                    last.push(letter);
                }
            }
        }
    }
    out.iter().map(|column| column.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_users() {
        let file = TokenFile::parse("t1,admin,1,\"system:masters,b\"\n\nt2,u,2\n").unwrap();
        let admin = file.user("t1").unwrap();
        assert_eq!(admin.groups, ["system:masters", "b", "system:authenticated"]);
        assert_eq!(file.user("t2").unwrap().uid, "2");
        assert!(file.user("").is_none());
        assert!(TokenFile::parse("only-a-token").is_err());
    }
}
