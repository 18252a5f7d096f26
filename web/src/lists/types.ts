export interface CustomerList {
  name: string;
  entries: number;
  matched: number;
  uploaded_at: string;
  used_by: string[];
}
